"""The gate: a policy, waivers and a baseline say of a comparison whether its text may go out."""
