-- The settings that a comparison was asked with, over those of the server, as JSON. Like its texts they are
-- given with it and follow from nothing; a comparison from before has none, and goes by the server's alone.

ALTER TABLE comparison ADD COLUMN policy TEXT NOT NULL DEFAULT '{}';

CREATE TRIGGER policy_stays BEFORE UPDATE OF policy ON comparison WHEN NEW.policy IS NOT OLD.policy
BEGIN SELECT RAISE(ABORT, 'the policy of a comparison never changes'); END;
