"""What PullPush relies on in SQS, KMS and DynamoDB, asked of ours and of independent judges.

`python -m contract`, in the folder above, runs it. The modules of checks know one thing each: what AWS answers. Which
judge is known to answer otherwise, and why, is said in differences.py alone.
"""
