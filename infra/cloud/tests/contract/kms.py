"""KMS: data keys under a context, and every way in which a blob must not open."""
import uuid

from .check import checks, refused

check = checks("kms", "kms")


def new_key(kms):
    return kms.create_key(Description="contract")["KeyMetadata"]


@check
def a_key_is_described(kms):
    key = new_key(kms)
    shown = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert shown["Arn"] == key["Arn"] and shown["Enabled"] and shown["KeyState"] == "Enabled"
    assert shown["CreationDate"].year >= 2024


@check
def a_plaintext_comes_back_under_its_context(kms):
    key = new_key(kms)["KeyId"]
    context = {"tenant": "t1", "purpose": "webhook"}
    sealed = kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext=context)["CiphertextBlob"]
    opened = kms.decrypt(CiphertextBlob=sealed, EncryptionContext=dict(reversed(context.items())))
    assert opened["Plaintext"] == b"secret" and opened["KeyId"].endswith(key)


@check
def another_context_is_an_invalid_ciphertext(kms):
    key = new_key(kms)["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext={"tenant": "t1"})["CiphertextBlob"]
    for context in [{"tenant": "t2"}, {}, {"tenant": "t1", "more": "x"}]:
        refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=sealed, EncryptionContext=context)


@check
def a_tampered_blob_is_an_invalid_ciphertext(kms):
    key = new_key(kms)["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    for damaged in [sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:-4], b"nonsense"]:
        refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=damaged)


@check
def a_data_key_is_wrapped_and_unwrapped(kms):
    key = new_key(kms)["KeyId"]
    context = {"tenant": "t1"}
    for size, arguments in [(32, {"KeySpec": "AES_256"}), (24, {"NumberOfBytes": 24})]:
        made = kms.generate_data_key(KeyId=key, EncryptionContext=context, **arguments)
        assert len(made["Plaintext"]) == size
        opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context, KeyId=key)
        assert opened["Plaintext"] == made["Plaintext"]
    blind = kms.generate_data_key_without_plaintext(KeyId=key, EncryptionContext=context, KeySpec="AES_256")
    assert "Plaintext" not in blind
    opened = kms.decrypt(CiphertextBlob=blind["CiphertextBlob"], EncryptionContext=context)
    assert len(opened["Plaintext"]) == 32


@check
def a_key_answers_to_id_arn_and_alias(kms):
    key = new_key(kms)
    alias = f"alias/contract-{uuid.uuid4().hex[:12]}"
    kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    alias_arn = key["Arn"].rsplit(":", 1)[0] + ":" + alias
    for name in [key["KeyId"], key["Arn"], alias, alias_arn]:
        sealed = kms.encrypt(KeyId=name, Plaintext=b"x")["CiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=sealed, KeyId=name)["Plaintext"] == b"x"
    [listed] = kms.list_aliases(KeyId=key["KeyId"])["Aliases"]
    assert listed["AliasName"] == alias and listed["TargetKeyId"] == key["KeyId"]
    refused("AlreadyExistsException", kms.create_alias, AliasName=alias, TargetKeyId=key["KeyId"])


@check
def a_blob_moves_to_another_key_and_context(kms):
    old, new = new_key(kms)["KeyId"], new_key(kms)["KeyId"]
    sealed = kms.encrypt(KeyId=old, Plaintext=b"x", EncryptionContext={"v": "1"})["CiphertextBlob"]
    moved = kms.re_encrypt(CiphertextBlob=sealed, SourceEncryptionContext={"v": "1"}, DestinationKeyId=new,
                           DestinationEncryptionContext={"v": "2"})
    assert moved["SourceKeyId"].endswith(old) and moved["KeyId"].endswith(new)
    opened = kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"v": "2"})
    assert opened["Plaintext"] == b"x" and opened["KeyId"].endswith(new)


@check
def another_key_than_the_blobs_is_refused(kms):
    key, other = new_key(kms)["KeyId"], new_key(kms)["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    refused("IncorrectKeyException", kms.decrypt, CiphertextBlob=sealed, KeyId=other)


@check
def a_disabled_key_refuses_until_enabled(kms):
    key = new_key(kms)["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.disable_key(KeyId=key)
    refused("DisabledException", kms.decrypt, CiphertextBlob=sealed)
    refused("DisabledException", kms.encrypt, KeyId=key, Plaintext=b"x")
    refused("DisabledException", kms.generate_data_key, KeyId=key, KeySpec="AES_256")
    kms.enable_key(KeyId=key)
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"


@check
def an_unknown_key_is_not_found(kms):
    for name in [str(uuid.uuid4()), "alias/no-such-alias"]:
        refused("NotFoundException", kms.encrypt, KeyId=name, Plaintext=b"x")
