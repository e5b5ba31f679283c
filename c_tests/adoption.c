/* Keys that another tool made in the token: PSA 1.5, section 9.9.1. Each phase is a process of its own: attach, use. */
#include "check.h"


#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)

/* The copy that stays. */
enum { COPY = 7 };

static const uint8_t hash[32] = {1, 2, 3};

static psa_key_attributes_t wanted(psa_key_usage_t usage)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_NONE, 0, usage, ECDSA);
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_VOLATILE,
                                                                                     place_location()));
    return attributes;
}

static psa_status_t attach(const char *label, psa_key_usage_t usage, psa_key_id_t *key)
{
    psa_key_attributes_t attributes = wanted(usage);
    return psa_attach_key(&attributes, (const uint8_t *)label, strlen(label), key);
}

/* Signs in the token, and verifies with the public part. */
static void use(psa_key_id_t key)
{
    uint8_t signature[64];
    size_t length;
    CHECK_STATUS(psa_sign_hash(key, ECDSA, hash, sizeof hash, signature, sizeof signature, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_hash(key, ECDSA, hash, sizeof hash, signature, length), PSA_SUCCESS);
}

#define USAGE (PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH | PSA_KEY_USAGE_COPY)

static void a_key_is_attached_by_uri_or_label(void)
{
    static const char *const labels[] = {"foreign", "pkcs11:id=%A1", "pkcs11:token=parsec-test;object=foreign;type=private"};
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key;
    size_t i;
    for (i = 0; i < COUNT_OF(labels); i++) {
        MUST_SUCCEED(attach(labels[i], USAGE, &key));
        CHECK_BACKEND(key, place_backend());
        CHECK_STATUS(psa_get_key_attributes(key, &attributes), PSA_SUCCESS);
        CHECK(psa_get_key_type(&attributes) == P256 && psa_get_key_bits(&attributes) == 256);
        use(key);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
        CHECK_STATUS(psa_get_key_attributes(key, &attributes), PSA_ERROR_INVALID_HANDLE);
    }
}

static void what_cannot_be_attached_is_told(void)
{
    psa_key_attributes_t attributes = wanted(USAGE);
    psa_key_id_t key = 1;
    CHECK_STATUS(attach("nothing", USAGE, &key), PSA_ERROR_DOES_NOT_EXIST);
    CHECK(key == PSA_KEY_ID_NULL);
    CHECK(strstr(parsec_last_error(), "pkcs11:id=%A1;object=foreign;type=private") != NULL);
    CHECK_STATUS(attach("twice", USAGE, &key), PSA_ERROR_INVALID_ARGUMENT);
    CHECK(strstr(parsec_last_error(), "pkcs11:id=%B1;object=twice;type=private") != NULL);
    CHECK(strstr(parsec_last_error(), "pkcs11:id=%B2;object=twice;type=private") != NULL);
    CHECK_STATUS(attach("pkcs11:token=other;object=foreign", USAGE, &key), PSA_ERROR_DOES_NOT_EXIST);
    CHECK_STATUS(attach("pkcs11:object=%", USAGE, &key), PSA_ERROR_INVALID_ARGUMENT);
    psa_set_key_type(&attributes, PSA_KEY_TYPE_RSA_KEY_PAIR);
    CHECK_STATUS(psa_attach_key(&attributes, (const uint8_t *)"foreign", 7, &key), PSA_ERROR_INVALID_ARGUMENT);
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_DEFAULT,
                                                                                     place_location()));
    psa_set_key_id(&attributes, COPY);
    CHECK_STATUS(psa_attach_key(&attributes, (const uint8_t *)"foreign", 7, &key), PSA_ERROR_INVALID_ARGUMENT);
}

/* Servers attach first and fork then. */
static void a_forked_child_uses_it_too(void)
{
    psa_key_id_t key;
    pid_t child;
    MUST_SUCCEED(attach("foreign", USAGE, &key));
    use(key);
    child = forked();
    if (child == 0) {
        use(key);
        _exit(check_result());
    }
    CHECK(exit_status(child) == 0);
    use(key);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void a_copy_stays(void)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, USAGE, ECDSA);
    psa_key_id_t key, copy;
    MUST_SUCCEED(attach("foreign", USAGE, &key));
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_DEFAULT,
                                                                                     place_location()));
    psa_set_key_id(&attributes, COPY);
    MUST_SUCCEED(psa_copy_key(key, &attributes, &copy));
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    use(copy);
}

static void the_copy_is_a_reference(void)
{
    psa_key_id_t key;
    CHECK_BACKEND(COPY, place_backend());
    use(COPY);
    CHECK_STATUS(psa_destroy_key(COPY), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(COPY), PSA_ERROR_INVALID_HANDLE);
    /* The key itself is its owner's. */
    MUST_SUCCEED(attach("foreign", USAGE, &key));
    use(key);
}

int main(int argc, char **argv)
{
    MUST(argc == 2);
    MUST_SUCCEED(psa_crypto_init());
    if (strcmp(argv[1], "attach") == 0) {
        RUN(a_key_is_attached_by_uri_or_label);
        RUN(what_cannot_be_attached_is_told);
        RUN(a_forked_child_uses_it_too);
        RUN(a_copy_stays);
    } else {
        RUN(the_copy_is_a_reference);
    }
    return check_result();
}
