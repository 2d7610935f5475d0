"""infra/template.yaml as a stack of `ministack`, and what of it had to be said in other words.

Calls infra/checks/template.py to read it. The template itself is never changed; ADAPTED says what is handed in otherwise.
"""
import json
import sys
import time

from servers import client, repository

STAGE = "judged"
BUCKET = "deploy"
PATIENCE_SECONDS = 60
ADAPTED = [
    "code lies in a bucket, as `sam deploy` puts it there",
    "alarms over metric math and the dashboard that shows alarms are left out: ministack knows no metric math",
    "MaximumConcurrency is written as a number: ministack keeps a Number parameter as text and its poller then compares it with one",
    "functions are told where the services are, and that loopback is permitted (PULLPUSH_LOCAL)",
]


def template_reader():
    """The module that reads the template."""
    folder = str(repository() / "infra" / "checks")
    if folder not in sys.path:
        sys.path.append(folder)
    import template  # it lies beside the checks of the template
    return template


def adapted(url):
    """The template as ministack understands it."""
    reader = template_reader()
    document = reader.load()
    for name, resource in list(document["Resources"].items()):
        if resource["Type"] == "AWS::CloudWatch::Dashboard" or "Metrics" in resource.get("Properties", {}):
            del document["Resources"][name]
    for properties in reader.functions(document).values():
        properties["CodeUri"] = f"s3://{BUCKET}/{properties['CodeUri'].rsplit('/', 1)[1]}"
    for _, _, _, properties in reader.mappings(document):
        most = properties.get("ScalingConfig", {}).get("MaximumConcurrency")
        if isinstance(most, dict):
            properties["ScalingConfig"]["MaximumConcurrency"] = document["Parameters"][most["Ref"]]["Default"]
    services = {f"PULLPUSH_{service}_ENDPOINT": url for service in ["DYNAMODB", "SQS", "KMS"]}
    document["Globals"]["Function"]["Environment"]["Variables"].update(services, PULLPUSH_LOCAL="1")
    return document


def deploy(url, zips):
    """Makes the stack; the answer is its outputs."""
    s3, cloudformation = client("s3", url), client("cloudformation", url)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    for name, path in zips.items():
        s3.upload_file(str(path), BUCKET, f"{name}.zip")
    s3.put_object(Bucket=BUCKET, Key="template.json", Body=json.dumps(adapted(url)).encode())
    cloudformation.create_stack(
        StackName="pullpush", TemplateURL=f"{url}/{BUCKET}/template.json", Parameters=[{"ParameterKey": "Stage", "ParameterValue": STAGE}],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"])
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        [stack] = cloudformation.describe_stacks(StackName="pullpush")["Stacks"]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        if not stack["StackStatus"].endswith("CREATE_IN_PROGRESS"):
            break
        time.sleep(0.1)
    events = cloudformation.describe_stack_events(StackName="pullpush")["StackEvents"]
    failed = [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in events if "FAILED" in event["ResourceStatus"]]
    raise RuntimeError(f"the stack is {stack['StackStatus']}: {'; '.join(failed)}")
