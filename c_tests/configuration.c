/* Mistakes in the configuration: a message with file, line and what to do, the closest status; and a device that is
 * missing stops nothing else. Each case is a process of its own with a configuration of its own. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)

/* The explanation must have this part. */
#define CHECK_EXPLAINED(part) check_explained((part), __LINE__)

static void check_explained(const char *part, int line)
{
    if (strstr(parsec_last_error(), part) == NULL) {
        fprintf(stderr, "configuration.c:%d: \"%s\" is not in: %s\n", line, part, parsec_last_error());
        check_failures++;
    }
}

/* Points the library at a configuration of this text; %s in it is the scratch directory. */
static void configure(const char *text)
{
    const char *scratch = from_fixture("PARSEC_TEST_SCRATCH");
    char path[512];
    FILE *file;
    snprintf(path, sizeof path, "%s/mistaken.toml", scratch);
    unlink(path);
    file = fopen(path, "w");
    MUST(file != NULL);
    fprintf(file, text, scratch);
    fclose(file);
    MUST(chmod(path, 0600) == 0);
    MUST(setenv("PARSEC_CONFIG", path, 1) == 0);
}

static void run_alone(void (*test)(void), const char *name)
{
    printf("%s\n", name);
    CHECK(in_child(test) == 0);
}

/* ---- init fails, and stays failed ---- */

static void unknown_key(void)
{
    configure("# a comment\n[store]\npath = \"%s/keys\"\n\n[routes]\npersistant = \"software\"\n");
    CHECK_STATUS(psa_crypto_init(), PSA_ERROR_DATA_INVALID);
    CHECK_EXPLAINED("mistaken.toml:6");
    CHECK_EXPLAINED("persistant");
}

static void not_even_toml(void)
{
    configure("[store\npath = \"%s/keys\"\n");
    CHECK_STATUS(psa_crypto_init(), PSA_ERROR_DATA_INVALID);
    CHECK_EXPLAINED("mistaken.toml:1");
}

static void unknown_backend(void)
{
    configure("backend = \"hsn\"\n[store]\npath = \"%s/keys\"\n");
    CHECK_STATUS(psa_crypto_init(), PSA_ERROR_DATA_INVALID);
    CHECK_EXPLAINED("mistaken.toml:1");
    CHECK_EXPLAINED("hsn");
}

static void missing_file(void)
{
    MUST(setenv("PARSEC_CONFIG", "/nonexistent/parsec.toml", 1) == 0);
    CHECK_STATUS(psa_crypto_init(), PSA_ERROR_STORAGE_FAILURE);
    CHECK_EXPLAINED("/nonexistent/parsec.toml");
    CHECK_EXPLAINED("PARSEC_CONFIG");
}

static void file_that_others_may_write(void)
{
    configure("[store]\npath = \"%s/keys\"\n");
    MUST(chmod(getenv("PARSEC_CONFIG"), 0666) == 0);
    CHECK_STATUS(psa_crypto_init(), PSA_ERROR_NOT_PERMITTED);
    CHECK_EXPLAINED("mistaken.toml");
}

/* A mended configuration needs no new process. */
static void mended(void)
{
    uint8_t byte;
    configure("nonsense = 1\n");
    CHECK_STATUS(psa_crypto_init(), PSA_ERROR_DATA_INVALID);
    CHECK_STATUS(psa_generate_random(&byte, 1), PSA_ERROR_BAD_STATE);
    configure("[store]\npath = \"%s/keys\"\n");
    CHECK_STATUS(psa_crypto_init(), PSA_SUCCESS);
    (void)generate_key(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
}

/* ---- what holds without a mistake ---- */

static psa_status_t make_key(psa_key_id_t id, psa_key_lifetime_t lifetime);

/* No file at all: keys in software, in the directory that the service manager gives. */
static void no_file_means_software(void)
{
    const char *scratch = from_fixture("PARSEC_TEST_SCRATCH");
    char path[512];
    snprintf(path, sizeof path, "%s/state", scratch);
    MUST(mkdir(path, 0700) == 0);
    MUST(unsetenv("PARSEC_CONFIG") == 0);
    MUST(setenv("STATE_DIRECTORY", path, 1) == 0);
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(make_key(1, PSA_KEY_LIFETIME_PERSISTENT), PSA_SUCCESS);
    CHECK_BACKEND(1, "software");
    CHECK(rmdir(path) != 0);
    CHECK_STATUS(psa_destroy_key(1), PSA_SUCCESS);
}

static void namespaces_do_not_see_each_other(void)
{
    configure("namespace = \"one\"\n[store]\npath = \"%s/keys\"\n");
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(make_key(1, PSA_KEY_LIFETIME_PERSISTENT), PSA_SUCCESS);
    mbedtls_psa_crypto_free();
    MUST(setenv("PARSEC_NAMESPACE", "two", 1) == 0);
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(psa_purge_key(1), PSA_ERROR_INVALID_HANDLE);
    CHECK_STATUS(make_key(1, PSA_KEY_LIFETIME_PERSISTENT), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(1), PSA_SUCCESS);
    mbedtls_psa_crypto_free();
    MUST(unsetenv("PARSEC_NAMESPACE") == 0);
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(psa_destroy_key(1), PSA_SUCCESS);
}

/* ---- a device is missing: its keys fail with a reason, software goes on ---- */

static psa_status_t make_key(psa_key_id_t id, psa_key_lifetime_t lifetime)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, PSA_KEY_USAGE_SIGN_HASH, ECDSA);
    psa_key_id_t key = 77;
    psa_status_t status;
    psa_set_key_lifetime(&attributes, lifetime);
    psa_set_key_id(&attributes, id);
    status = psa_generate_key(&attributes, &key);
    CHECK(key == (status == PSA_SUCCESS ? id : PSA_KEY_ID_NULL));
    return status;
}

static void the_rest_goes_on(void)
{
    psa_key_id_t key = generate_key(P256, 256, PSA_KEY_USAGE_SIGN_HASH, ECDSA);
    uint8_t hash[32] = {1}, signature[64];
    size_t length;
    CHECK_STATUS(psa_sign_hash(key, ECDSA, hash, sizeof hash, signature, sizeof signature, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void device_fails(const char *configuration, psa_status_t status, const char *origin, const char *reason)
{
    configure(configuration);
    MUST_SUCCEED(psa_crypto_init());
    the_rest_goes_on();
    CHECK_STATUS(make_key(1, PSA_KEY_LIFETIME_PERSISTENT), status);
    CHECK_EXPLAINED(origin);
    CHECK_EXPLAINED(reason);
    /* It never becomes a key in another place. */
    CHECK_STATUS(psa_purge_key(1), PSA_ERROR_INVALID_HANDLE);
    the_rest_goes_on();
}

static void missing_module(void)
{
    device_fails("backend = \"hsm\"\n[store]\npath = \"%s/keys\"\n[backends.hsm]\ntype = \"pkcs11\"\n"
                 "module = \"/nonexistent/module.so\"\ntoken = \"t\"\npin = { env = \"UNSET\" }\nlocation = 0x800001\n",
                 PSA_ERROR_STORAGE_FAILURE, "mistaken.toml:4", "/nonexistent/module.so");
}

static void wrong_token(void)
{
    device_fails("backend = \"hsm\"\n[store]\npath = \"%s/keys\"\n[backends.hsm]\ntype = \"pkcs11\"\n"
                 "module = \"/usr/lib/softhsm/libsofthsm2.so\"\ntoken = \"no such token\"\n"
                 "pin = { env = \"UNSET\" }\nlocation = 0x800001\n",
                 PSA_ERROR_COMMUNICATION_FAILURE, "mistaken.toml:4", "no such token");
}

static void unreachable_tpm(void)
{
    /* Nobody listens on port 1. */
    device_fails("backend = \"tpm\"\n[store]\npath = \"%s/keys\"\n[backends.tpm]\n"
                 "tcti = \"swtpm:host=127.0.0.1,port=1\"\n",
                 PSA_ERROR_COMMUNICATION_FAILURE, "mistaken.toml:4", "nobody listens there");
}

/* Which TPM, and what the operating system says. */
static void missing_tpm(void)
{
    device_fails("backend = \"tpm\"\n[store]\npath = \"%s/keys\"\n[backends.tpm]\n"
                 "tcti = \"device:/dev/no-such-tpm\"\n",
                 PSA_ERROR_COMMUNICATION_FAILURE, "device:/dev/no-such-tpm", "No such file or directory");
}

static void mistaken_tcti(void)
{
    device_fails("backend = \"tpm\"\n[store]\npath = \"%s/keys\"\n[backends.tpm]\ntcti = \"usb\"\n",
                 PSA_ERROR_DATA_INVALID, "tcti \"usb\" is not understood", "write device:/dev/tpmrm0");
}

static int count_keys(void *context, const psa_key_attributes_t *attributes, const char *backend)
{
    (void)attributes;
    (void)backend;
    *(int *)context += 1;
    return 0;
}

/* Whoever listens in the TPM's place hears nothing before a key of the TPM is used: not while the library is initialised, keys
 * in software are made and used, the keys are listed, or it ends. */
static void a_tpm_that_is_not_used(void)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    char text[300];
    uint8_t random[16];
    int keys = 0, server = socket(AF_INET, SOCK_STREAM, 0), round;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    MUST(server >= 0 && bind(server, (struct sockaddr *)&address, size) == 0 && listen(server, 8) == 0 &&
         getsockname(server, (struct sockaddr *)&address, &size) == 0 && fcntl(server, F_SETFL, O_NONBLOCK) == 0);
    snprintf(text, sizeof text,
             "[store]\npath = \"%%s/keys\"\n[backends.tpm]\nlocation = 1\ntimeout = 1\n"
             "tcti = \"swtpm:host=127.0.0.1,port=%u\"\n",
             (unsigned)ntohs(address.sin_port));
    configure(text);
    for (round = 0; round < 2; round++) {
        MUST_SUCCEED(psa_crypto_init());
        the_rest_goes_on();
        CHECK_STATUS(make_key(1, PSA_KEY_LIFETIME_PERSISTENT), PSA_SUCCESS);
        CHECK_STATUS(psa_generate_random(random, sizeof random), PSA_SUCCESS);
        CHECK_STATUS(parsec_list_keys(count_keys, &keys), PSA_SUCCESS);
        CHECK_STATUS(psa_destroy_key(1), PSA_SUCCESS);
        mbedtls_psa_crypto_free();
    }
    CHECK(keys == 2);
    CHECK(accept(server, NULL, NULL) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
    /* It would have been heard. */
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(make_key(1, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(1, 1)), PSA_ERROR_COMMUNICATION_FAILURE);
    CHECK(accept(server, NULL, NULL) >= 0);
    close(server);
}

/* Two devices are missing, and persistent keys in software go on. */
static void other_backends_go_on(void)
{
    configure("[store]\npath = \"%s/keys\"\n[backends.tpm]\ntcti = \"swtpm:host=127.0.0.1,port=1\"\nlocation = 1\n"
              "[backends.hsm]\ntype = \"pkcs11\"\nmodule = \"/nonexistent/module.so\"\ntoken = \"t\"\n"
              "pin = { env = \"UNSET\" }\nlocation = 0x800001\n");
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(make_key(1, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(1, 1)), PSA_ERROR_COMMUNICATION_FAILURE);
    CHECK_STATUS(make_key(1, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(1, 0x800001)), PSA_ERROR_STORAGE_FAILURE);
    CHECK_STATUS(make_key(1, PSA_KEY_LIFETIME_PERSISTENT), PSA_SUCCESS);
    CHECK_BACKEND(1, "software");
    CHECK_STATUS(psa_destroy_key(1), PSA_SUCCESS);
}

#define RUN_ALONE(test) run_alone(test, #test)

int main(void)
{
    RUN_ALONE(unknown_key);
    RUN_ALONE(not_even_toml);
    RUN_ALONE(unknown_backend);
    RUN_ALONE(missing_file);
    RUN_ALONE(file_that_others_may_write);
    RUN_ALONE(mended);
    RUN_ALONE(no_file_means_software);
    RUN_ALONE(namespaces_do_not_see_each_other);
    RUN_ALONE(missing_module);
    RUN_ALONE(wrong_token);
    RUN_ALONE(unreachable_tpm);
    RUN_ALONE(missing_tpm);
    RUN_ALONE(mistaken_tcti);
    RUN_ALONE(a_tpm_that_is_not_used);
    RUN_ALONE(other_backends_go_on);
    return check_result();
}
