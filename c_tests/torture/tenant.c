/* The part of one of two users who share a device; see tenants.py. */
#include "../check.h"

#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define SIGN (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)
#define KEYS 3

static psa_status_t sign(psa_key_id_t key)
{
    uint8_t signature[64];
    size_t length;
    psa_status_t status =
        psa_sign_message(key, ECDSA, (const uint8_t *)"x", 1, signature, sizeof signature, &length);
    return status == PSA_SUCCESS ? psa_verify_message(key, ECDSA, (const uint8_t *)"x", 1, signature, length) : status;
}

static void make(void)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
    psa_key_id_t id, key;
    for (id = 1; id <= KEYS; id++) {
        psa_set_key_id(&attributes, id);
        MUST_SUCCEED(psa_generate_key(&attributes, &key));
        CHECK_BACKEND(key, place_backend());
    }
}

static void use(void)
{
    psa_key_id_t id;
    for (id = 1; id <= KEYS; id++) {
        CHECK_STATUS(sign(id), PSA_SUCCESS);
    }
}

static int count_key(void *context, const psa_key_attributes_t *attributes, const char *backend)
{
    (void)attributes;
    (void)backend;
    ++*(size_t *)context;
    return 0;
}

static int count_orphan(void *context, const char *orphan, const char *text)
{
    fprintf(stderr, "%s: %s\n", orphan, text);
    ++*(size_t *)context;
    return 0;
}

/* The other user's identifiers are known, and are no keys. With a key of one's own in the device, so that it is open. */
static void foreign(void)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
    size_t keys = 0, orphans = 0;
    psa_key_id_t id, key;
    psa_set_key_id(&attributes, 100);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    CHECK_STATUS(sign(100), PSA_SUCCESS);
    for (id = 1; id <= KEYS; id++) {
        CHECK_STATUS(psa_get_key_attributes(id, &attributes), PSA_ERROR_INVALID_HANDLE);
        CHECK_STATUS(sign(id), PSA_ERROR_INVALID_HANDLE);
        CHECK_STATUS(psa_destroy_key(id), PSA_ERROR_INVALID_HANDLE);
    }
    CHECK_STATUS(parsec_list_keys(count_key, &keys), PSA_SUCCESS);
    CHECK_STATUS(parsec_list_orphans(count_orphan, &orphans), PSA_SUCCESS);
    CHECK(keys == 1 && orphans == 0);
    CHECK_STATUS(psa_destroy_key(100), PSA_SUCCESS);
}

/* What the other user's keys would be called, were they orphans. */
static void repair(const char *orphan)
{
    CHECK_STATUS(parsec_repair(orphan), PSA_ERROR_DOES_NOT_EXIST);
}

static void refused(void)
{
    CHECK_STATUS(sign(1), PSA_ERROR_NOT_PERMITTED);
}

static void blob(void)
{
    CHECK_STATUS(sign(2), PSA_SUCCESS);
    CHECK(sign(1) != PSA_SUCCESS);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } roles[] = {{"make", make}, {"use", use}, {"foreign", foreign}, {"refused", refused}, {"blob", blob}};
    int i;
    size_t role;
    MUST(argc >= 2);
    /* The configuration of another user cannot even be read. */
    if (psa_crypto_init() != PSA_SUCCESS) {
        return 3;
    }
    for (i = 2; i < argc; i++) {
        repair(argv[i]);
    }
    for (role = 0; role < COUNT_OF(roles); role++) {
        if (strcmp(argv[1], roles[role].name) == 0) {
            roles[role].run();
            return check_result();
        }
    }
    return 2;
}
