/* The life of persistent keys over several processes: PSA 1.5, sections 9.6 and 9.9. Each phase is a process of its
 * own on the same place: create, use, destroy, gone. */
#include "check.h"
#include "openssl.h"

#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define RSA PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256)
#define SIGN (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)
#define MESSAGE "signed by one process, verified by another"

/* By route, and by the location that names the place. */
enum { ECC_KEY = 1, RSA_KEY = 2, LOCATED_KEY = 3, DATA_KEY = 4 };
/* The highest identifier that an application may choose. */
#define LAST_KEY PSA_KEY_ID_USER_MAX

static const uint8_t *const message = (const uint8_t *)MESSAGE;
static const size_t message_length = sizeof MESSAGE - 1;

static psa_key_lifetime_t located(void)
{
    return PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_DEFAULT, place_location());
}

static void generate(psa_key_id_t id, psa_key_lifetime_t lifetime, psa_key_type_t type, size_t bits,
                     psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = key_attributes(type, bits, SIGN, alg);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    psa_set_key_id(&attributes, id);
    psa_set_key_lifetime(&attributes, lifetime);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    CHECK(key == id);
    CHECK_BACKEND(key, place_backend());
    CHECK_STATUS(psa_generate_key(&attributes, &key), PSA_ERROR_ALREADY_EXISTS);
    CHECK(key == PSA_KEY_ID_NULL);
}

/* No device holds plain data: the answer is NOT_SUPPORTED, never a key in another place. */
static void import_data(void)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_RAW_DATA, 0, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    psa_set_key_id(&attributes, DATA_KEY);
    if (in_device()) {
        CHECK_STATUS(psa_import_key(&attributes, message, message_length, &key), PSA_ERROR_NOT_SUPPORTED);
        CHECK(key == PSA_KEY_ID_NULL);
        CHECK_STATUS(psa_get_key_attributes(DATA_KEY, &attributes), PSA_ERROR_INVALID_HANDLE);
    } else {
        CHECK_STATUS(psa_import_key(&attributes, message, message_length, &key), PSA_SUCCESS);
    }
}

static void create(void)
{
    generate(ECC_KEY, PSA_KEY_LIFETIME_PERSISTENT, P256, 256, ECDSA);
    generate(RSA_KEY, PSA_KEY_LIFETIME_PERSISTENT, PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, RSA);
    generate(LOCATED_KEY, located(), P256, 256, ECDSA);
    generate(LAST_KEY, PSA_KEY_LIFETIME_PERSISTENT, P256, 256, ECDSA);
    import_data();
}

static void sign_with(psa_key_id_t key, psa_algorithm_t alg)
{
    uint8_t public_key[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE], signature[PSA_SIGNATURE_MAX_SIZE];
    size_t public_length, length;
    CHECK_BACKEND(key, place_backend());
    CHECK_STATUS(psa_sign_message(key, alg, message, message_length, signature, sizeof signature, &length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_verify_message(key, alg, message, message_length, signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_export_public_key(key, public_key, sizeof public_key, &public_length), PSA_SUCCESS);
    CHECK(openssl_verifies(alg, public_key, public_length, MESSAGE, signature, length));
}

/* The list says what the calls for a single key say. */
static int listed(void *context, const psa_key_attributes_t *attributes, const char *backend)
{
    psa_key_id_t **next = (psa_key_id_t **)context;
    psa_key_attributes_t own = PSA_KEY_ATTRIBUTES_INIT;
    CHECK(psa_get_key_id(attributes) == *(*next)++);
    CHECK_STATUS(psa_get_key_attributes(psa_get_key_id(attributes), &own), PSA_SUCCESS);
    CHECK(psa_get_key_type(attributes) == psa_get_key_type(&own));
    CHECK(psa_get_key_bits(attributes) == psa_get_key_bits(&own));
    CHECK(psa_get_key_lifetime(attributes) == psa_get_key_lifetime(&own));
    CHECK(psa_get_key_usage_flags(attributes) == psa_get_key_usage_flags(&own));
    CHECK(psa_get_key_algorithm(attributes) == psa_get_key_algorithm(&own));
    CHECK(strcmp(backend, place_backend()) == 0);
    return 0;
}

static void list(void)
{
    psa_key_id_t keys[] = {ECC_KEY, RSA_KEY, LOCATED_KEY, in_device() ? LAST_KEY : DATA_KEY, LAST_KEY, 0};
    psa_key_id_t *next = keys;
    CHECK_STATUS(parsec_list_keys(listed, &next), PSA_SUCCESS);
    CHECK(next == keys + (in_device() ? 4 : 5));
}

static void use(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    uint8_t data[sizeof MESSAGE];
    size_t length;
    CHECK_STATUS(psa_get_key_attributes(ECC_KEY, &attributes), PSA_SUCCESS);
    CHECK(psa_get_key_type(&attributes) == P256 && psa_get_key_bits(&attributes) == 256);
    CHECK(psa_get_key_lifetime(&attributes) == PSA_KEY_LIFETIME_PERSISTENT);
    CHECK(psa_get_key_usage_flags(&attributes) == SIGN && psa_get_key_algorithm(&attributes) == ECDSA);
    CHECK_STATUS(psa_get_key_attributes(LOCATED_KEY, &attributes), PSA_SUCCESS);
    CHECK(psa_get_key_lifetime(&attributes) == located());
    list();
    sign_with(ECC_KEY, ECDSA);
    sign_with(RSA_KEY, RSA);
    sign_with(LOCATED_KEY, ECDSA);
    sign_with(LAST_KEY, ECDSA);
    /* A purged key is loaded again. */
    CHECK_STATUS(psa_purge_key(ECC_KEY), PSA_SUCCESS);
    sign_with(ECC_KEY, ECDSA);
    if (!in_device()) {
        CHECK_STATUS(psa_export_key(DATA_KEY, data, sizeof data, &length), PSA_SUCCESS);
        CHECK(length == message_length && memcmp(data, message, length) == 0);
    }
}

static void destroy(void)
{
    const psa_key_id_t keys[] = {ECC_KEY, RSA_KEY, LOCATED_KEY, LAST_KEY};
    uint8_t signature[PSA_SIGNATURE_MAX_SIZE];
    size_t i, length;
    for (i = 0; i < COUNT_OF(keys); i++) {
        CHECK_STATUS(psa_destroy_key(keys[i]), PSA_SUCCESS);
        CHECK_STATUS(psa_sign_message(keys[i], ECDSA, message, message_length, signature, sizeof signature, &length),
                     PSA_ERROR_INVALID_HANDLE);
        CHECK_STATUS(psa_destroy_key(keys[i]), PSA_ERROR_INVALID_HANDLE);
    }
    if (!in_device()) {
        CHECK_STATUS(psa_destroy_key(DATA_KEY), PSA_SUCCESS);
    }
}

/* The identifiers are free again. */
static void gone(void)
{
    const psa_key_id_t keys[] = {ECC_KEY, RSA_KEY, LOCATED_KEY, DATA_KEY, LAST_KEY};
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    size_t i;
    for (i = 0; i < COUNT_OF(keys); i++) {
        CHECK_STATUS(psa_get_key_attributes(keys[i], &attributes), PSA_ERROR_INVALID_HANDLE);
    }
    generate(ECC_KEY, PSA_KEY_LIFETIME_PERSISTENT, P256, 256, ECDSA);
    sign_with(ECC_KEY, ECDSA);
    CHECK_STATUS(psa_destroy_key(ECC_KEY), PSA_SUCCESS);
}

int main(int argc, char **argv)
{
    const struct {
        const char *name;
        void (*run)(void);
    } phases[] = {{"create", create}, {"use", use}, {"destroy", destroy}, {"gone", gone}};
    size_t i;
    MUST(argc == 2);
    MUST_SUCCEED(psa_crypto_init());
    for (i = 0; i < COUNT_OF(phases); i++) {
        if (strcmp(argv[1], phases[i].name) == 0) {
            printf("%s\n", argv[1]);
            phases[i].run();
            return check_result();
        }
    }
    fprintf(stderr, "unknown phase %s\n", argv[1]);
    return 2;
}
