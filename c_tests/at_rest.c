/* A key store that is protected at rest, in phases with at_rest.py between them: make keys in a store in the clear and then
 * protect it, use them in another process, find what somebody has changed, take the protection away, and make and
 * protect them once more, and then do without what protects it. */
#include "configurations.h"

#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define PBKDF2 PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256)

/* No device holds a password, so that it becomes a sealed key where there is one. at_rest.py looks for it. */
static const uint8_t PASSWORD[] = "a password that nobody may read on a disk";

/* The fixture's configuration with this line in [store], and what a device cannot hold sealed by it. */
static void configure(const char *protect)
{
    write_configuration("protected.toml", protect, in_device() ? "[routes]\nfallback = \"seal\"\n" : "");
    use_configuration("protected.toml");
}

/* By the device, or by a file where there is none. */
static void configure_protected(void)
{
    char path[400], line[512];
    if (in_device()) {
        snprintf(line, sizeof line, "protect = \"%s\"", place_backend());
    } else {
        scratch_path(path, sizeof path, "store.key");
        snprintf(line, sizeof line, "protect = { file = \"%s\" }", path);
    }
    configure(line);
}

static void make_secret_file(void)
{
    char path[400], content[48];
    size_t i;
    for (i = 0; i < sizeof content; i++) {
        content[i] = (char)('a' + i % 26);
    }
    scratch_path(path, sizeof path, "store.key");
    write_private_file(path, content, sizeof content);
}

static psa_status_t import_password(psa_key_id_t id)
{
    psa_key_attributes_t attributes =
        key_attributes(PSA_KEY_TYPE_PASSWORD, 0, PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_DERIVE, PBKDF2);
    psa_set_key_id(&attributes, id);
    return psa_import_key(&attributes, PASSWORD, sizeof PASSWORD, &id);
}

static psa_status_t export_password(psa_key_id_t id)
{
    uint8_t exported[sizeof PASSWORD];
    size_t length = 0;
    psa_status_t status = psa_export_key(id, exported, sizeof exported, &length);
    if (status == PSA_SUCCESS) {
        CHECK(length == sizeof PASSWORD && memcmp(exported, PASSWORD, sizeof PASSWORD) == 0);
    }
    return status;
}

static psa_status_t sign(psa_key_id_t id)
{
    uint8_t hash[32] = {1}, signature[64];
    size_t length;
    return psa_sign_hash(id, ECDSA, hash, sizeof hash, signature, sizeof signature, &length);
}

static void make(void)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, PSA_KEY_USAGE_SIGN_HASH, ECDSA);
    psa_key_id_t key = 2;
    char sealed[80];
    make_secret_file();
    configure("");
    MUST_SUCCEED(psa_crypto_init());
    psa_set_key_id(&attributes, key);
    CHECK_STATUS(import_password(1), PSA_SUCCESS);
    CHECK_STATUS(psa_generate_key(&attributes, &key), PSA_SUCCESS);
    mbedtls_psa_crypto_free();
    configure_protected();
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(import_password(3), PSA_SUCCESS);
    CHECK_STATUS(export_password(1), PSA_SUCCESS);
    snprintf(sealed, sizeof sealed, "%s%s", in_device() ? "sealed:" : "", place_backend());
    CHECK_BACKEND(1, sealed);
    CHECK_BACKEND(2, place_backend());
}

static void use(void)
{
    configure_protected();
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(export_password(1), PSA_SUCCESS);
    CHECK_STATUS(export_password(3), PSA_SUCCESS);
    CHECK_STATUS(sign(2), PSA_SUCCESS);
}

/* at_rest.py has exchanged the secrets of 1 and 3. */
static void changed(void)
{
    configure_protected();
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(export_password(1), PSA_ERROR_DATA_CORRUPT);
    CHECK(strstr(parsec_last_error(), "changed") != NULL);
    CHECK_STATUS(export_password(3), PSA_ERROR_DATA_CORRUPT);
    CHECK_STATUS(sign(2), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(1), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(3), PSA_SUCCESS);
    CHECK_STATUS(import_password(1), PSA_SUCCESS);
    CHECK_STATUS(export_password(1), PSA_SUCCESS);
}

static void lift(void)
{
    configure("protect = \"none\"");
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(export_password(1), PSA_SUCCESS);
    CHECK_STATUS(sign(2), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(1), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(2), PSA_SUCCESS);
}

static int count_key(void *context, const psa_key_attributes_t *attributes, const char *backend)
{
    (void)attributes;
    CHECK(strlen(backend) > 0);
    ++*(size_t *)context;
    return 0;
}

/* The device, or the file, is away: so are the keys, but nothing else. */
static void without(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    size_t keys = 0;
    configure_protected();
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(parsec_list_keys(count_key, &keys), PSA_SUCCESS);
    CHECK(keys == 3);
    for (keys = 1; keys <= 3; keys++) {
        psa_status_t status = psa_get_key_attributes((psa_key_id_t)keys, &attributes);
        CHECK(status == PSA_ERROR_COMMUNICATION_FAILURE || (!in_device() && status == PSA_ERROR_STORAGE_FAILURE));
        CHECK(strstr(parsec_last_error(), "keys.db, protected by") != NULL);
    }
    printf("without what protects it: %s\n", parsec_last_error());
    CHECK(import_password(4) != PSA_SUCCESS);
    generate_key(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } phases[] = {{"make", make}, {"use", use}, {"changed", changed}, {"lift", lift}, {"without", without}};
    size_t i;
    for (i = 0; argc == 2 && i < COUNT_OF(phases); i++) {
        if (strcmp(argv[1], phases[i].name) == 0) {
            phases[i].run();
            return check_result();
        }
    }
    fprintf(stderr, "usage: at_rest make|use|changed|lift|without\n");
    return 2;
}
