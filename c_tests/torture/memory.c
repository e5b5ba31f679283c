/* Secrets are not in memory when they are no longer used, nor in the files of the key store. They are found while a key that
 * stays in memory is there, so that looking is worth something. */
#include "../configurations.h"
#include "secrets.h"

#define HMAC PSA_ALG_HMAC(PSA_ALG_SHA_256)
#define HKDF PSA_ALG_HKDF(PSA_ALG_SHA_256)
#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define ECDH PSA_ALG_ECDH
#define PERSISTENT_KEY ((psa_key_id_t)1)

static psa_status_t import(psa_key_id_t id, psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg,
                           const struct secret *secret, psa_key_id_t *key)
{
    psa_key_attributes_t attributes = key_attributes(type, 0, usage, alg);
    uint8_t plain[64];
    psa_status_t status;
    if (id != PSA_KEY_ID_NULL) {
        psa_set_key_id(&attributes, id);
    }
    show(secret, plain);
    status = psa_import_key(&attributes, plain, secret->length, key);
    wipe(plain, sizeof plain);
    return status;
}

static void use(psa_key_id_t key, psa_key_type_t type, psa_algorithm_t alg)
{
    uint8_t output[128], input[32] = {1};
    size_t length;
    if (type == P256) {
        CHECK_STATUS(psa_sign_hash(key, alg, input, sizeof input, output, sizeof output, &length), PSA_SUCCESS);
    } else if (type == PSA_KEY_TYPE_HMAC) {
        psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
        CHECK_STATUS(psa_mac_compute(key, alg, input, sizeof input, output, sizeof output, &length), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_sign_setup(&operation, key, alg), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_update(&operation, input, sizeof input), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_sign_finish(&operation, output, sizeof output, &length), PSA_SUCCESS);
    } else if (alg == PSA_ALG_GCM) {
        CHECK_STATUS(psa_aead_encrypt(key, alg, input, 12, NULL, 0, input, sizeof input, output, sizeof output, &length),
                     PSA_SUCCESS);
    } else if (alg == PSA_ALG_CTR) {
        CHECK_STATUS(psa_cipher_encrypt(key, alg, input, sizeof input, output, sizeof output, &length), PSA_SUCCESS);
    }
}

static const struct {
    const char *name;
    psa_key_type_t type;
    psa_key_usage_t usage;
    psa_algorithm_t alg;
} kinds[] = {
    {"HMAC key", PSA_KEY_TYPE_HMAC, PSA_KEY_USAGE_SIGN_MESSAGE, HMAC},
    {"AES-GCM key", PSA_KEY_TYPE_AES, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_GCM},
    {"AES-CTR key", PSA_KEY_TYPE_AES, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR},
    {"P-256 key", P256, PSA_KEY_USAGE_SIGN_HASH, ECDSA},
};

static void volatile_keys(void)
{
    size_t i;
    for (i = 0; i < COUNT_OF(kinds); i++) {
        struct secret secret = invent();
        psa_key_id_t key;
        printf("  %s\n", kinds[i].name);
        fflush(stdout);
        MUST_SUCCEED(import(0, kinds[i].type, kinds[i].usage, kinds[i].alg, &secret, &key));
        use(key, kinds[i].type, kinds[i].alg);
        CHECK(IS_IN_MEMORY(&secret, kinds[i].name));
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
        IS_GONE(&secret, "a destroyed volatile key");
    }
}

static void persistent_keys(void)
{
    size_t i;
    int cache;
    for (i = 0; i < COUNT_OF(kinds); i++) {
        for (cache = 0; cache <= 1; cache++) {
            struct secret secret = invent();
            psa_key_usage_t usage = kinds[i].usage | (cache ? PSA_KEY_USAGE_CACHE : 0);
            psa_key_id_t key;
            psa_status_t status = import(PERSISTENT_KEY, kinds[i].type, usage, kinds[i].alg, &secret, &key);
            IS_GONE(&secret, "an imported persistent key");
            if (status == PSA_ERROR_NOT_SUPPORTED && in_device()) {
                printf("  %s: not in this device\n", kinds[i].name);
                continue;
            }
            printf("  %s%s\n", kinds[i].name, cache ? ", cached" : "");
            fflush(stdout);
            MUST_SUCCEED(status);
            CHECK_BACKEND(key, place_backend());
            use(key, kinds[i].type, kinds[i].alg);
            if (cache && !in_device()) {
                CHECK(IS_IN_MEMORY(&secret, kinds[i].name));
                CHECK_STATUS(psa_purge_key(key), PSA_SUCCESS);
                IS_GONE(&secret, "a purged key");
            } else {
                IS_GONE(&secret, "a persistent key between two calls");
            }
            CHECK(in_store(&secret) == (in_device() ? 0 : in_store(&secret)) && (in_device() || in_store(&secret) > 0));
            CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
            IS_GONE(&secret, "a destroyed persistent key");
            CHECK(in_store(&secret) == 0);
        }
    }
}

/* A key for derivations; false where the device of the place does not have such keys. */
static int imported(psa_key_id_t id, psa_key_type_t type, psa_algorithm_t alg, const struct secret *secret, psa_key_id_t *key)
{
    psa_status_t status = import(id, type, PSA_KEY_USAGE_DERIVE, alg, secret, key);
    if (status == PSA_ERROR_NOT_SUPPORTED && id != PSA_KEY_ID_NULL && in_device()) {
        printf("  key type 0x%04x: not in this device\n", type);
        return 0;
    }
    MUST_SUCCEED(status);
    CHECK_BACKEND(*key, id == PSA_KEY_ID_NULL ? "software" : place_backend());
    return 1;
}

static void begin_derivation(psa_key_derivation_operation_t *operation, psa_algorithm_t alg, psa_key_id_t secret)
{
    MUST_SUCCEED(psa_key_derivation_setup(operation, alg));
    MUST_SUCCEED(psa_key_derivation_input_key(operation, PSA_KEY_DERIVATION_INPUT_SECRET, secret));
    MUST_SUCCEED(psa_key_derivation_input_bytes(operation, PSA_KEY_DERIVATION_INPUT_INFO, NULL, 0));
}

/* From a volatile key, or a persistent one, which is in the device of the place. */
static void derive_from(psa_key_id_t id, psa_algorithm_t alg)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_AES, 256, PSA_KEY_USAGE_EXPORT, PSA_ALG_CTR);
    struct secret input = invent(), derived;
    uint8_t output[32];
    psa_key_id_t key, second;
    size_t length;
    int round;
    if (!imported(id, PSA_KEY_TYPE_DERIVE, alg, &input, &key)) {
        return;
    }
    for (round = 0; round < 2; round++) {
        begin_derivation(&operation, alg, key);
        if (round == 0) {
            MUST_SUCCEED(psa_key_derivation_output_bytes(&operation, output, sizeof output));
            derived = hide(output, sizeof output);
        } else {
            MUST_SUCCEED(psa_key_derivation_output_key(&attributes, &operation, &second));
        }
        CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
        if (round == 0) {
            IS_GONE(&derived, "derived bytes");
        }
    }
    CHECK(IS_IN_MEMORY(&derived, "the derived key"));
    MUST_SUCCEED(psa_export_key(second, output, sizeof output, &length));
    wipe(output, sizeof output);
    CHECK_STATUS(psa_destroy_key(second), PSA_SUCCESS);
    IS_GONE(&derived, "a destroyed derived key");
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    IS_GONE(&input, "the secret that it was derived from");
}

static void derived_secrets(void)
{
    derive_from(PSA_KEY_ID_NULL, HKDF);
    /* This one is in reach of devices. */
    derive_from(PERSISTENT_KEY, PSA_ALG_HKDF_EXPAND(PSA_ALG_SHA_256));
}

static void agree_with(psa_key_id_t id)
{
    struct secret own = invent(), agreed;
    uint8_t peer[65], output[32];
    psa_key_id_t key, other;
    size_t length;
    if (!imported(id, P256, ECDH, &own, &key)) {
        return;
    }
    other = generate_key(P256, 256, PSA_KEY_USAGE_DERIVE, ECDH);
    MUST_SUCCEED(psa_export_public_key(other, peer, sizeof peer, &length));
    MUST_SUCCEED(psa_raw_key_agreement(ECDH, key, peer, length, output, sizeof output, &length));
    agreed = hide(output, sizeof output);
    IS_GONE(&agreed, "an agreed secret");
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(other), PSA_SUCCESS);
    IS_GONE(&own, "a destroyed key for agreement");
}

static void agreed_secrets(void)
{
    agree_with(PSA_KEY_ID_NULL);
    agree_with(PERSISTENT_KEY);
}

/* What is refused is wiped as well. */
static void failures(void)
{
    struct secret secret = invent();
    psa_key_id_t key;
    CHECK_STATUS(import(PSA_KEY_ID_USER_MAX + 1, PSA_KEY_TYPE_HMAC, 0, HMAC, &secret, &key),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK(import(0, PSA_KEY_TYPE_RSA_KEY_PAIR, 0, ECDSA, &secret, &key) != PSA_SUCCESS);
    CHECK(import(0, PSA_KEY_TYPE_DES, 0, PSA_ALG_CBC_NO_PADDING, &secret, &key) != PSA_SUCCESS);
    IS_GONE(&secret, "a key that was refused");
}

static void write_secret(const char *path, const struct secret *secret)
{
    uint8_t plain[64];
    show(secret, plain);
    write_private_file(path, plain, secret->length);
    wipe(plain, sizeof plain);
}

/* A PIN that the token rejects, and that is then known to be wrong. */
static void rejected_pin(const char *path, const struct secret *right)
{
    static const char digits[] = "0123456789abcdef";
    struct secret wrong = invent();
    psa_key_attributes_t attributes = key_attributes(P256, 256, PSA_KEY_USAGE_SIGN_HASH, ECDSA);
    psa_key_id_t key;
    size_t i;
    int attempt;
    for (i = 0; i < wrong.length; i++) {
        wrong.masked[i] = (uint8_t)digits[wrong.masked[i] % 16] ^ MASK;
    }
    remember(wrong);
    write_secret(path, &wrong);
    psa_set_key_id(&attributes, PERSISTENT_KEY);
    for (attempt = 0; attempt < 2; attempt++) {
        mbedtls_psa_crypto_free();
        MUST_SUCCEED(psa_crypto_init());
        CHECK_STATUS(psa_generate_key(&attributes, &key), PSA_ERROR_NOT_PERMITTED);
        CHECK(strstr(parsec_last_error(), attempt == 0 ? "rejects the PIN" : "rejected the PIN") != NULL);
        IS_GONE(&wrong, attempt == 0 ? "a rejected PIN" : "a PIN that was rejected before");
        CHECK(in_store(&wrong) == 0);
    }
    write_secret(path, right);
    mbedtls_psa_crypto_free();
    MUST_SUCCEED(psa_crypto_init());
}

/* The PIN of the token, which only a file has. */
static void pin(void)
{
    char path[512];
    uint8_t plain[64];
    struct secret secret;
    psa_key_attributes_t attributes = key_attributes(P256, 256, PSA_KEY_USAGE_SIGN_HASH, ECDSA);
    psa_key_id_t key;
    ssize_t length;
    int file;
    if (strcmp(place(), "softhsm") != 0) {
        return;
    }
    psa_set_key_id(&attributes, PERSISTENT_KEY);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    use(key, P256, ECDSA);
    snprintf(path, sizeof path, "%s/pin", from_fixture("PARSEC_TEST_SCRATCH"));
    file = open(path, O_RDONLY);
    MUST(file >= 0);
    length = read(file, plain, sizeof plain);
    close(file);
    MUST(length > 16);
    secret = hide(plain, (size_t)length - 1);
    IS_GONE(&secret, "the PIN");
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    rejected_pin(path, &secret);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    IS_GONE(&secret, "the PIN after another one");
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

/* In the window: version, the parent's name (34 bytes, by SHA-256), and the value (32 bytes); see backends/tpm/blob.rs. */
static void find_authorization_value(struct secret *secret, size_t length)
{
    static const uint8_t before[] = {1, 0, 34, 0, 11}, behind[] = {0, 32};
    size_t at;
    for (at = 0; at + 71 <= length && secret->length == 0; at++) {
        if (memcmp(window + at, before, sizeof before) == 0 && memcmp(window + at + 37, behind, sizeof behind) == 0) {
            *secret = hide(window + at + 39, 32);
        }
    }
}

/* The authorization value of a key in a TPM, which the key store has. */
static void authorization_value(void)
{
    static const char *const files[] = {"keys.db", "keys.db-wal"};
    psa_key_attributes_t attributes = key_attributes(P256, 256, PSA_KEY_USAGE_SIGN_HASH, ECDSA);
    struct secret secret;
    psa_key_id_t key;
    char path[512];
    size_t length, i;
    FILE *file;
    if (strcmp(place(), "swtpm") != 0) {
        return;
    }
    memset(&secret, 0, sizeof secret);
    psa_set_key_id(&attributes, PERSISTENT_KEY);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    use(key, P256, ECDSA);
    mbedtls_psa_crypto_free();
    /* Committed rows may be in the log still. */
    for (i = 0; i < COUNT_OF(files) && secret.length == 0; i++) {
        snprintf(path, sizeof path, "%s/keys/%s", from_fixture("PARSEC_TEST_SCRATCH"), files[i]);
        file = fopen(path, "rb");
        if (file == NULL) {
            continue;
        }
        length = fread(window, 1, sizeof window, file);
        fclose(file);
        find_authorization_value(&secret, length);
        wipe(window, sizeof window);
    }
    MUST(secret.length == 32 && in_store(&secret) > 0);
    IS_GONE(&secret, "an authorization value after the end");
    MUST_SUCCEED(psa_crypto_init());
    use(key, P256, ECDSA);
    CHECK(IS_IN_MEMORY(&secret, "the key is loaded"));
    CHECK_STATUS(psa_purge_key(key), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    IS_GONE(&secret, "the authorization value of a destroyed key");
    CHECK(in_store(&secret) == 0);
}

/* The key of the store, which at_rest.py finds out with the secret from the file or with tpm2-tools, under the mask. */
static struct secret store_key(void)
{
    char text[100] = "";
    struct secret secret;
    struct bytes bytes;
    FILE *output = popen(AT_REST " masked-key", "r");
    MUST(output != NULL && fgets(text, sizeof text, output) != NULL && pclose(output) == 0);
    text[strcspn(text, "\n")] = '\0';
    bytes = hex(text);
    memset(&secret, 0, sizeof secret);
    MUST(bytes.length == 32);
    secret.length = bytes.length;
    memcpy(secret.masked, bytes.data, bytes.length);
    return remember(secret);
}

static void protected_by(const char *protect, const struct secret *master)
{
    struct secret material = invent(), of_store;
    psa_key_id_t key;
    mbedtls_psa_crypto_free();
    write_configuration("protected.toml", protect, "");
    use_configuration("protected.toml");
    MUST_SUCCEED(psa_crypto_init());
    MUST_SUCCEED(import(PERSISTENT_KEY, PSA_KEY_TYPE_HMAC, PSA_KEY_USAGE_SIGN_MESSAGE, HMAC, &material, &key));
    of_store = store_key();
    use(key, PSA_KEY_TYPE_HMAC, HMAC);
    IS_GONE(master, "what protects the store");
    IS_GONE(&material, "a key of a protected store between two calls");
    CHECK(in_store(&material) == 0 || in_device());
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    CHECK(IS_IN_MEMORY(&of_store, "the key of the store"));
    mbedtls_psa_crypto_free();
    IS_GONE(&of_store, "the key of the store, after mbedtls_psa_crypto_free()");
    MUST_SUCCEED(psa_crypto_init());
}

static void protected_stores(void)
{
    char path[512], line[600];
    uint8_t plain[64];
    struct secret master = invent();
    scratch_path(path, sizeof path, "store.key");
    show(&master, plain);
    write_private_file(path, plain, master.length);
    wipe(plain, sizeof plain);
    snprintf(line, sizeof line, "protect = { file = \"%s\" }", path);
    if (IS_GONE(&master, "a file that was just written")) {
        protected_by(line, &master);
        /* As systemd hands it out. */
        MUST(setenv("CREDENTIALS_DIRECTORY", from_fixture("PARSEC_TEST_SCRATCH"), 1) == 0);
        protected_by("protect = { credential = \"store.key\" }", &master);
    }
}

/* Whatever still holds keys when the library is given back: volatile ones, cached ones, operations. */
static void keys_at_the_end(void)
{
    struct secret lasting = invent(), cached = invent(), in_operation = invent();
    psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
    psa_key_usage_t usage = PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_CACHE;
    psa_key_id_t key, other;
    MUST_SUCCEED(import(0, PSA_KEY_TYPE_AES, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_GCM, &lasting, &key));
    use(key, PSA_KEY_TYPE_AES, PSA_ALG_GCM);
    MUST_SUCCEED(import(0, PSA_KEY_TYPE_HMAC, PSA_KEY_USAGE_SIGN_MESSAGE, HMAC, &in_operation, &other));
    MUST_SUCCEED(psa_mac_sign_setup(&operation, other, HMAC));
    MUST_SUCCEED(import(PERSISTENT_KEY, PSA_KEY_TYPE_HMAC, usage, HMAC, &cached, &key));
    use(key, PSA_KEY_TYPE_HMAC, HMAC);
    CHECK(IS_IN_MEMORY(&lasting, "a volatile key") && IS_IN_MEMORY(&in_operation, "a key in an operation"));
    CHECK(in_device() || IS_IN_MEMORY(&cached, "a cached key"));
    mbedtls_psa_crypto_free();
    IS_GONE(&lasting, "a volatile key after the end");
    IS_GONE(&in_operation, "a key in an operation after the end");
    IS_GONE(&cached, "a cached key after the end");
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(psa_destroy_key(PERSISTENT_KEY), PSA_SUCCESS);
}

/* The key of a store that the TPM protects is in memory while the store is open. */
static void store_of_the_tpm(void)
{
    struct secret of_store;
    psa_key_attributes_t attributes = key_attributes(P256, 256, PSA_KEY_USAGE_SIGN_HASH, ECDSA);
    psa_key_id_t key;
    if (strcmp(place(), "swtpm") != 0) {
        return;
    }
    mbedtls_psa_crypto_free();
    write_configuration("sealed.toml", "protect = \"tpm\"", "");
    use_configuration("sealed.toml");
    MUST_SUCCEED(psa_crypto_init());
    psa_set_key_id(&attributes, PERSISTENT_KEY);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    use(key, P256, ECDSA);
    /* The TPM is free for the tools. */
    mbedtls_psa_crypto_free();
    of_store = store_key();
    IS_GONE(&of_store, "the key of the TPM's store, after mbedtls_psa_crypto_free()");
    CHECK(in_store(&of_store) == 0);
    MUST_SUCCEED(psa_crypto_init());
    use(key, P256, ECDSA);
    CHECK(IS_IN_MEMORY(&of_store, "the key of the TPM's store"));
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    mbedtls_psa_crypto_free();
    IS_GONE(&of_store, "the key of the TPM's store, at the end");
    MUST_SUCCEED(psa_crypto_init());
}

static void change_owner(const char *arguments, const char *file)
{
    char command[700];
    snprintf(command, sizeof command, "tpm2_changeauth -c o %s%s", arguments, file);
    MUST(system(command) == 0);
}

/* The owner's authorization, which is needed while the parent of all keys is made. It is text, as tpm2-tools take it. */
static void owner_authorization(void)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, PSA_KEY_USAGE_SIGN_HASH, ECDSA);
    struct secret owner = invent();
    char path[512], line[600];
    uint8_t plain[64];
    psa_key_id_t key;
    size_t i;
    if (strcmp(place(), "swtpm") != 0) {
        return;
    }
    for (i = 0; i < owner.length; i++) {
        owner.masked[i] = (uint8_t)('a' + owner.masked[i] % 26) ^ MASK;
    }
    remember(owner);
    mbedtls_psa_crypto_free();
    scratch_path(path, sizeof path, "owner");
    show(&owner, plain);
    write_private_file(path, plain, owner.length);
    /* What looks for it does find it, while it is there. */
    CHECK(IS_IN_MEMORY(&owner, "a value that is being written"));
    wipe(plain, sizeof plain);
    change_owner("file:", path);
    IS_GONE(&owner, "a value that was just written");
    psa_set_key_id(&attributes, PERSISTENT_KEY);
    /* Without it nothing works. */
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(psa_generate_key(&attributes, &key), PSA_ERROR_NOT_PERMITTED);
    mbedtls_psa_crypto_free();
    snprintf(line, sizeof line, "owner_auth = { file = \"%s\" }\n", path);
    write_configuration("owned.toml", "protect = \"tpm\"", line);
    use_configuration("owned.toml");
    MUST_SUCCEED(psa_crypto_init());
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    IS_GONE(&owner, "the owner's authorization, once the parent is made");
    use(key, P256, ECDSA);
    IS_GONE(&owner, "the owner's authorization, once a key is loaded");
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    mbedtls_psa_crypto_free();
    IS_GONE(&owner, "the owner's authorization, at the end");
    CHECK(in_store(&owner) == 0);
    change_owner("-p file:", path);
    MUST_SUCCEED(psa_crypto_init());
}

/* What was computed and then refused. */
static void derived_and_refused(void)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    struct secret input = invent(), derived;
    uint8_t output[32];
    psa_key_id_t key;
    int round;
    MUST_SUCCEED(import(0, PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_VERIFY_DERIVATION, HKDF, &input,
                        &key));
    for (round = 0; round < 2; round++) {
        begin_derivation(&operation, HKDF, key);
        if (round == 0) {
            MUST_SUCCEED(psa_key_derivation_output_bytes(&operation, output, sizeof output));
            derived = hide(output, sizeof output);
        } else {
            memset(output, 0, sizeof output);
            CHECK_STATUS(psa_key_derivation_verify_bytes(&operation, output, sizeof output),
                         PSA_ERROR_INVALID_SIGNATURE);
            IS_GONE(&derived, "derived bytes that were not the expected ones");
        }
        CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    }
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    IS_GONE(&input, "the secret behind them");
}

/* ---- what the library has said, with PARSEC_LOG ---- */

static int standard_error;

static void log_to_file(void)
{
    char path[512];
    int file;
    scratch_path(path, sizeof path, "log");
    file = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    standard_error = dup(STDERR_FILENO);
    MUST(file >= 0 && standard_error >= 0 && dup2(file, STDERR_FILENO) == STDERR_FILENO && close(file) == 0);
    MUST(setenv("PARSEC_LOG", "1", 1) == 0);
}

/* Also where the program ends early. */
static void show_log(void)
{
    char path[512], line[1024];
    FILE *file;
    if (standard_error == 0) {
        return;
    }
    dup2(standard_error, STDERR_FILENO);
    standard_error = 0;
    scratch_path(path, sizeof path, "log");
    file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "libparsec: ", 11) != 0) {
            fputs(line, stderr);
        }
    }
}

/* A secret as Rust and C print bytes: hexadecimal, in numbers with commas, or as they are. */
static size_t in_text(const char *text, size_t length, const struct secret *secret)
{
    static const char *const formats[] = {"%02x", "%02X", "%u, ", "%02x, ", "0x%02x, ", "%02x:"};
    size_t count = occurrences((const uint8_t *)text, length, secret), i, j;
    for (i = 0; i < COUNT_OF(formats); i++) {
        char needle[64] = "";
        for (j = 0; j < 8; j++) {
            sprintf(needle + strlen(needle), formats[i], secret->masked[j] ^ MASK);
        }
        count += strstr(text, needle) != NULL;
    }
    return count;
}

static void messages(void)
{
    static char text[1 << 18];
    struct secret shown;
    char path[512], line[300] = "libparsec: psa_test: [";
    size_t length, i;
    FILE *file;
    scratch_path(path, sizeof path, "log");
    file = fopen(path, "r");
    MUST(file != NULL);
    length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    CHECK(strstr(text, "libparsec: psa_import_key: PSA_ERROR_") != NULL && length < sizeof text - 1);
    for (i = 0; i < known_count; i++) {
        CHECK(in_text(text, length, &known[i]) == 0);
    }
    printf("  %lu bytes of messages, %lu secrets\n", (unsigned long)length, (unsigned long)known_count);
    /* A message that has one would be found. */
    shown = invent();
    for (i = 0; i < 12; i++) {
        sprintf(line + strlen(line), "%u, ", shown.masked[i] ^ MASK);
    }
    CHECK(in_text(line, strlen(line), &shown) > 0);
}

int main(void)
{
    MUST(atexit(show_log) == 0);
    log_to_file();
    MUST_SUCCEED(psa_crypto_init());
    RUN(volatile_keys);
    RUN(persistent_keys);
    RUN(derived_secrets);
    RUN(agreed_secrets);
    RUN(failures);
    RUN(derived_and_refused);
    RUN(keys_at_the_end);
    RUN(pin);
    RUN(authorization_value);
    RUN(protected_stores);
    RUN(store_of_the_tpm);
    RUN(owner_authorization);
    RUN(messages);
    return check_result();
}
