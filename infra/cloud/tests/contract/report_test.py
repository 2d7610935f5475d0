"""The report notices what it is for: a difference nobody listed, and a listed one that is gone."""
import unittest
from unittest import mock

from . import report

CHECKS = [("sqs", "sqs standard", "a message arrives", None), ("kms", "kms", "a tampered blob is refused", None)]
LISTED = {"judge": {"a tampered blob is refused": "opens anything"}}


@mock.patch.object(report, "CHECKS", CHECKS)
@mock.patch.object(report, "DIFFERENCES", LISTED)
class Report(unittest.TestCase):
    """Answers made up, weighed against a list made up."""

    def problems(self, ours=(None, None), judge=(None, "opened")):
        names = [name for _, _, name, _ in CHECKS]
        return report.problems({"ours": dict(zip(names, ours)), "judge": dict(zip(names, judge))})

    def test_what_is_listed_may_differ(self):
        self.assertEqual([], self.problems())

    def test_what_is_not_listed_may_not(self):
        [said] = self.problems(judge=("lost", "opened"))
        self.assertEqual("judge differs and it is not listed: a message arrives: lost", said)

    def test_another_ones_listing_excuses_nobody(self):
        [said] = self.problems(ours=(None, "opened"))
        self.assertIn("ours differs and it is not listed", said)

    def test_a_listed_difference_that_is_gone_is_told(self):
        [said] = self.problems(judge=(None, None))
        self.assertIn("listed as different but is not any more: a tampered blob is refused (opens anything)", said)

    def test_what_chance_decides_may_differ_or_not(self):
        with mock.patch.object(report, "SOMETIMES", {"judge": {"a message arrives": "threads race"}}):
            self.assertEqual([], self.problems(judge=("lost", "opened")))
            self.assertEqual([], self.problems(judge=(None, "opened")))

    def test_a_listing_of_no_check_is_told(self):
        with mock.patch.dict(LISTED["judge"], {"a tampered blob is accepted": "misspelt"}):
            [said] = self.problems()
        self.assertEqual("differences.py names a check that does not exist: a tampered blob is accepted", said)

    def test_a_failing_check_tells_where(self):
        def check(client):
            assert client == "other", "not it"
        with mock.patch.object(report, "__file__", __file__):
            self.assertRegex(report._once(check, "client"), r"AssertionError not it \(report_test.py:\d+: ")


if __name__ == "__main__":
    unittest.main()
