"""The list of checks, and what they are written with.

A check is a function that takes the client of its service and asserts; its name is a sentence. Each makes queues, keys
and tables of its own, so that checks never meet. Nothing here knows where a client leads.
"""
from botocore.exceptions import ClientError

# (service, title of the group, sentence, function), in the order in which they are shown
CHECKS = []


def checks(service, title):
    """The decorator of a module: registers a check under its function's name, as a sentence."""
    def register(function):
        CHECKS.append((service, title, function.__name__.replace("_", " "), function))
        return function
    return register


def refused(code, call, **arguments):
    """Asserts that a call fails with one of the codes AWS uses; the error is the answer."""
    codes = (code,) if isinstance(code, str) else code
    try:
        answer = call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] in codes, f"refused with {error.response['Error']}"
        return error
    raise AssertionError(f"accepted: {str(answer)[:120]}")
