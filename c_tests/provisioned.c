/* Keys that the configuration names: provisioned.py has made one with the device's own tools before this. */
#include <sys/stat.h>

#include "check.h"

#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)

/* The fixture's configuration, with a key that is there under 7 and one that is not under 9. */
static void configure(void)
{
    const char *scratch = from_fixture("PARSEC_TEST_SCRATCH");
    const char *names[] = {"uri = \"pkcs11:object=gateway\"", "label = \"nothing\""};
    char path[512], line[512];
    FILE *from, *to;
    size_t i;
    if (strcmp(place(), "swtpm") == 0) {
        names[0] = "handle = 0x81010001";
        names[1] = "handle = 0x81010009";
    } else if (strcmp(place(), "nss") == 0) {
        /* certutil gives the name to the certificate only. */
        names[0] = "uri = \"pkcs11:type=private\"";
    }
    snprintf(path, sizeof path, "%s/parsec.toml", scratch);
    from = fopen(path, "r");
    snprintf(path, sizeof path, "%s/provisioned.toml", scratch);
    to = fopen(path, "w");
    MUST(from != NULL && to != NULL);
    while (fgets(line, sizeof line, from) != NULL) {
        fputs(line, to);
    }
    for (i = 0; i < COUNT_OF(names); i++) {
        fprintf(to, "[[keys]]\nid = %d\nbackend = \"%s\"\n%s\n", (int)(7 + 2 * i), place_backend(), names[i]);
        fprintf(to, "usage = [\"sign-hash\", \"verify-hash\"]\nalgorithm = \"PSA_ALG_ECDSA(PSA_ALG_SHA_256)\"\n");
    }
    fclose(from);
    fclose(to);
    MUST(chmod(path, 0600) == 0);
    MUST(setenv("PARSEC_CONFIG", path, 1) == 0);
}

static void used_like_any_other(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    uint8_t hash[32] = {1}, signature[64], public_key[65];
    size_t length;
    CHECK_STATUS(psa_sign_hash(7, ECDSA, hash, sizeof hash, signature, sizeof signature, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_hash(7, ECDSA, hash, sizeof hash, signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_export_public_key(7, public_key, sizeof public_key, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_get_key_attributes(7, &attributes), PSA_SUCCESS);
    CHECK(psa_get_key_type(&attributes) == P256 && psa_get_key_bits(&attributes) == 256);
    CHECK(PSA_KEY_LIFETIME_GET_PERSISTENCE(psa_get_key_lifetime(&attributes)) == PSA_KEY_PERSISTENCE_READ_ONLY);
    CHECK(PSA_KEY_LIFETIME_GET_LOCATION(psa_get_key_lifetime(&attributes)) == place_location());
    CHECK_BACKEND(7, place_backend());
}

static void neither_destroyed_nor_replaced(void)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, PSA_KEY_USAGE_SIGN_HASH, ECDSA);
    psa_key_id_t key = 77;
    CHECK_STATUS(psa_destroy_key(7), PSA_ERROR_NOT_PERMITTED);
    psa_set_key_id(&attributes, 7);
    CHECK_STATUS(psa_generate_key(&attributes, &key), PSA_ERROR_ALREADY_EXISTS);
    CHECK(key == PSA_KEY_ID_NULL);
    CHECK_STATUS(psa_purge_key(7), PSA_SUCCESS);
    used_like_any_other();
}

static void missing(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    CHECK_STATUS(psa_get_key_attributes(9, &attributes), PSA_ERROR_DOES_NOT_EXIST);
    CHECK(strstr(parsec_last_error(), "of [[keys]]") != NULL);
    CHECK_STATUS(psa_destroy_key(9), PSA_ERROR_NOT_PERMITTED);
}

static int note(void *context, const psa_key_attributes_t *attributes, const char *backend)
{
    int *seen = context;
    psa_key_id_t id = psa_get_key_id(attributes);
    CHECK(strcmp(backend, place_backend()) == 0);
    *seen = *seen * 10 + (int)id;
    return 0;
}

static void listed(void)
{
    int seen = 0;
    CHECK_STATUS(parsec_list_keys(note, &seen), PSA_SUCCESS);
    CHECK(seen == 79);
}

int main(void)
{
    configure();
    MUST_SUCCEED(psa_crypto_init());
    RUN(used_like_any_other);
    RUN(neither_destroyed_nor_replaced);
    RUN(missing);
    RUN(listed);
    return check_result();
}
