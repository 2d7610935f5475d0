"""The zips as they are deployed, under `ministack`: its CloudFormation, its queues and tables, its mappings.

`python -m zips`, in the folder above, runs it over the debug build. One webhook passes through all of them, and a batch
with a poisoned record tells that one alone.
"""
