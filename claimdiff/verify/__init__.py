"""A second opinion: verifiers that judge a statement beside the detectors, and how both are put together."""

from __future__ import annotations

from claimdiff.verify.protocol import Answer, Judgement, Question, Unjudged, Verifier, VerifierError

__all__ = ["Answer", "Judgement", "Question", "Unjudged", "Verifier", "VerifierError"]
