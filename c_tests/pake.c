/* Password-authenticated key exchange: PSA 1.5, section 10.13. Keys are local in every place. */
#include "check.h"

#define P256 PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_ECC, PSA_ECC_FAMILY_SECP_R1, 256)
#define JPAKE PSA_ALG_JPAKE(PSA_ALG_SHA_256)
#define SPAKE2P PSA_ALG_SPAKE2P_HMAC(PSA_ALG_SHA_256)
#define PBKDF2 PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256)
#define H2E PSA_ALG_WPA3_SAE_H2E(PSA_ALG_SHA_256)
#define SAE PSA_ALG_WPA3_SAE_FIXED(PSA_ALG_SHA_256)
#define PASSWORD "736563726574"

static const uint8_t client[] = {'c', 'l', 'i', 'e', 'n', 't'}, server[] = {'s', 'e', 'r', 'v', 'e', 'r'};
static const psa_pake_step_t proven[] = {PSA_PAKE_STEP_KEY_SHARE, PSA_PAKE_STEP_ZK_PUBLIC, PSA_PAKE_STEP_ZK_PROOF};

static psa_pake_cipher_suite_t suite(psa_algorithm_t alg, psa_pake_primitive_t primitive, uint32_t confirmation)
{
    psa_pake_cipher_suite_t made = PSA_PAKE_CIPHER_SUITE_INIT;
    psa_pake_cs_set_algorithm(&made, alg);
    psa_pake_cs_set_primitive(&made, primitive);
    psa_pake_cs_set_key_confirmation(&made, confirmation);
    return made;
}

static void begin(psa_pake_operation_t *operation, psa_key_id_t key, psa_pake_cipher_suite_t with, psa_pake_role_t role,
                  const uint8_t user[6], const uint8_t peer[6])
{
    MUST_SUCCEED(psa_pake_setup(operation, key, &with));
    if (role != PSA_PAKE_ROLE_NONE) {
        MUST_SUCCEED(psa_pake_set_role(operation, role));
    }
    MUST_SUCCEED(psa_pake_set_user(operation, user, 6));
    MUST_SUCCEED(psa_pake_set_peer(operation, peer, 6));
}

/* One step from one side to the other, in a buffer of exactly the announced size. */
static psa_status_t pass(psa_pake_operation_t *from, psa_pake_operation_t *to, psa_algorithm_t alg, psa_pake_step_t step)
{
    uint8_t buffer[PSA_PAKE_OUTPUT_MAX_SIZE];
    size_t length = 0, size = PSA_PAKE_OUTPUT_SIZE(alg, P256, step);
    CHECK_STATUS(psa_pake_output(from, step, buffer, size, &length), PSA_SUCCESS);
    CHECK(length <= PSA_PAKE_INPUT_SIZE(alg, P256, step) && size <= PSA_PAKE_OUTPUT_MAX_SIZE);
    return psa_pake_input(to, step, buffer, length);
}

/* The shared secret in the clear. */
static size_t secret_of(psa_pake_operation_t *operation, uint8_t *secret, size_t size)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_DERIVE, 0, PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_EXPORT,
                                                     PSA_ALG_HKDF(PSA_ALG_SHA_256));
    psa_key_id_t key = PSA_KEY_ID_NULL;
    size_t length = 0;
    MUST_SUCCEED(psa_pake_get_shared_key(operation, &attributes, &key));
    MUST_SUCCEED(psa_export_key(key, secret, size, &length));
    MUST_SUCCEED(psa_destroy_key(key));
    return length;
}

static void check_same_secret(psa_pake_operation_t *one, psa_pake_operation_t *two, size_t expected)
{
    uint8_t secrets[2][128];
    size_t length = secret_of(one, secrets[0], sizeof secrets[0]);
    CHECK(length == expected && secret_of(two, secrets[1], sizeof secrets[1]) == expected);
    CHECK(memcmp(secrets[0], secrets[1], expected) == 0);
}

static void jpake_in_each_order(void)
{
    psa_key_id_t key = import_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, JPAKE, PASSWORD);
    psa_pake_cipher_suite_t with = suite(JPAKE, P256, PSA_PAKE_UNCONFIRMED_KEY);
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_AES, 0, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
    psa_pake_operation_t one = PSA_PAKE_OPERATION_INIT, two = PSA_PAKE_OPERATION_INIT;
    psa_key_id_t none = 1;
    uint8_t buffer[65];
    size_t i, length;
    begin(&one, key, with, PSA_PAKE_ROLE_NONE, client, server);
    begin(&two, key, with, PSA_PAKE_ROLE_NONE, server, client);
    for (i = 0; i < 6; i++) {
        CHECK_STATUS(pass(&one, &two, JPAKE, proven[i % 3]), PSA_SUCCESS);
    }
    for (i = 0; i < 6; i++) {
        CHECK_STATUS(pass(&two, &one, JPAKE, proven[i % 3]), PSA_SUCCESS);
    }
    /* A step that J-PAKE does not have, and a null pointer, do no harm. */
    CHECK_STATUS(psa_pake_input(&one, PSA_PAKE_STEP_CONFIRM, buffer, 1), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_pake_input(&one, PSA_PAKE_STEP_KEY_SHARE, NULL, 65), PSA_ERROR_INVALID_ARGUMENT);
    for (i = 0; i < 3; i++) {
        CHECK_STATUS(pass(&two, &one, JPAKE, proven[i]), PSA_SUCCESS);
    }
    for (i = 0; i < 3; i++) {
        CHECK_STATUS(pass(&one, &two, JPAKE, proven[i]), PSA_SUCCESS);
    }
    check_same_secret(&one, &two, 65);

    /* Too early, twice, too late, for a cipher. */
    CHECK_STATUS(psa_pake_output(&one, PSA_PAKE_STEP_KEY_SHARE, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
    begin(&one, key, with, PSA_PAKE_ROLE_NONE, client, server);
    CHECK_STATUS(psa_pake_set_user(&one, client, 6), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_pake_abort(&one), PSA_SUCCESS);
    begin(&one, key, with, PSA_PAKE_ROLE_NONE, client, server);
    CHECK_STATUS(psa_pake_output(&one, PSA_PAKE_STEP_ZK_PROOF, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_pake_output(&one, PSA_PAKE_STEP_KEY_SHARE, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_pake_abort(&one), PSA_SUCCESS);
    begin(&one, key, with, PSA_PAKE_ROLE_NONE, client, server);
    CHECK_STATUS(psa_pake_output(&one, PSA_PAKE_STEP_KEY_SHARE, buffer, 64, &length), PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_pake_abort(&one), PSA_SUCCESS);
    begin(&one, key, with, PSA_PAKE_ROLE_NONE, client, server);
    CHECK_STATUS(psa_pake_get_shared_key(&one, &attributes, &none), PSA_ERROR_INVALID_ARGUMENT);
    CHECK(none == PSA_KEY_ID_NULL);
    CHECK_STATUS(psa_pake_abort(&one), PSA_SUCCESS);
    /* The key goes away meanwhile. */
    begin(&one, key, with, PSA_PAKE_ROLE_NONE, client, server);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_output(&one, PSA_PAKE_STEP_KEY_SHARE, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_pake_abort(&one), PSA_SUCCESS);
}

static psa_key_id_t registered(psa_key_id_t password, psa_algorithm_t alg)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_SPAKE2P_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256,
                                                     PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_EXPORT, alg);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    MUST_SUCCEED(psa_key_derivation_setup(&operation, PBKDF2));
    MUST_SUCCEED(psa_key_derivation_input_integer(&operation, PSA_KEY_DERIVATION_INPUT_COST, 1000));
    MUST_SUCCEED(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SALT,
                                                (const uint8_t *)"SPAKE2P Key Salt", 16));
    MUST_SUCCEED(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_PASSWORD, password));
    MUST_SUCCEED(psa_key_derivation_output_key(&attributes, &operation, &key));
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    return key;
}

/* The key pair of Matter's pass code 20202021 with 1000 iterations and the salt above, as every Matter device has it for
 * tests: w0 and L are those of the verifier in the Matter SDK. */
#define MATTER_VERIFIER                                                                        \
    "b96170aae803346884724fe9a3b287c30330c2a660375d17bb205a8cf1aecb35"                         \
    "0457f8ab79ee253ab6a8e46bb09e543ae422736de501e3db37d441fe344920d09548e4c18240630c4ff4913c53513839b7c07fcc0627a1b8573a1" \
    "49fcd1fa466cf"

static void spake2p_registration_of_matter(void)
{
    psa_key_id_t password = import_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, PBKDF2, "25423401");
    psa_key_id_t pair = registered(password, PSA_ALG_SPAKE2P_MATTER);
    uint8_t verifier[97];
    size_t length;
    CHECK_STATUS(psa_export_public_key(pair, verifier, sizeof verifier, &length), PSA_SUCCESS);
    CHECK_HEX(verifier, length, MATTER_VERIFIER);
    CHECK_STATUS(psa_destroy_key(pair), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(password), PSA_SUCCESS);
}

static void spake2p_with(psa_algorithm_t alg, size_t secret_length)
{
    psa_key_id_t password = import_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, PBKDF2, PASSWORD);
    psa_key_id_t pair = registered(password, alg), public = PSA_KEY_ID_NULL;
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), 0,
                                                     PSA_KEY_USAGE_DERIVE, alg);
    psa_pake_cipher_suite_t with = suite(alg, P256, PSA_PAKE_CONFIRMED_KEY);
    psa_pake_operation_t prover = PSA_PAKE_OPERATION_INIT, verifier = PSA_PAKE_OPERATION_INIT;
    uint8_t data[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE];
    size_t length;
    const psa_status_t none = alg == PSA_ALG_SPAKE2P_MATTER ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
    MUST_SUCCEED(psa_export_public_key(pair, data, sizeof data, &length));
    CHECK(length == 97);
    MUST_SUCCEED(psa_import_key(&attributes, data, length, &public));
    begin(&prover, pair, with, PSA_PAKE_ROLE_CLIENT, client, server);
    begin(&verifier, public, with, PSA_PAKE_ROLE_SERVER, server, client);
    CHECK_STATUS(psa_pake_set_context(&prover, NULL, 0), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_set_context(&verifier, NULL, 0), PSA_SUCCESS);
    CHECK_STATUS(pass(&prover, &verifier, alg, PSA_PAKE_STEP_KEY_SHARE), PSA_SUCCESS);
    CHECK_STATUS(pass(&verifier, &prover, alg, PSA_PAKE_STEP_KEY_SHARE), PSA_SUCCESS);
    CHECK_STATUS(pass(&verifier, &prover, alg, PSA_PAKE_STEP_CONFIRM), PSA_SUCCESS);
    CHECK_STATUS(pass(&prover, &verifier, alg, PSA_PAKE_STEP_CONFIRM), PSA_SUCCESS);
    check_same_secret(&prover, &verifier, secret_length);

    /* A name that is none is a mistake but in Matter, whose names are empty; a side may go without. */
    MUST_SUCCEED(psa_pake_setup(&prover, pair, &with));
    CHECK_STATUS(psa_pake_set_user(&prover, NULL, 0), none);
    CHECK_STATUS(psa_pake_abort(&prover), PSA_SUCCESS);
    MUST_SUCCEED(psa_pake_setup(&prover, pair, &with));
    CHECK_STATUS(psa_pake_set_peer(&prover, client, 0), none);
    CHECK_STATUS(psa_pake_abort(&prover), PSA_SUCCESS);
    MUST_SUCCEED(psa_pake_setup(&prover, pair, &with));
    MUST_SUCCEED(psa_pake_set_role(&prover, PSA_PAKE_ROLE_CLIENT));
    CHECK_STATUS(psa_pake_output(&prover, PSA_PAKE_STEP_KEY_SHARE, data, sizeof data, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_abort(&prover), PSA_SUCCESS);

    /* Without a context it is another exchange. */
    begin(&prover, pair, with, PSA_PAKE_ROLE_CLIENT, client, server);
    begin(&verifier, public, with, PSA_PAKE_ROLE_SERVER, server, client);
    CHECK_STATUS(psa_pake_set_context(&prover, NULL, 0), PSA_SUCCESS);
    CHECK_STATUS(pass(&prover, &verifier, alg, PSA_PAKE_STEP_KEY_SHARE), PSA_SUCCESS);
    CHECK_STATUS(pass(&verifier, &prover, alg, PSA_PAKE_STEP_KEY_SHARE), PSA_SUCCESS);
    CHECK_STATUS(pass(&verifier, &prover, alg, PSA_PAKE_STEP_CONFIRM), PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_pake_abort(&prover), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_abort(&verifier), PSA_SUCCESS);

    /* A client needs the key pair; a role is needed, identities are not. */
    CHECK_STATUS(psa_pake_setup(&prover, public, &with), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_set_role(&prover, PSA_PAKE_ROLE_CLIENT), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_pake_abort(&prover), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_setup(&prover, pair, &with), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_output(&prover, PSA_PAKE_STEP_KEY_SHARE, data, sizeof data, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_pake_abort(&prover), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_setup(&prover, pair, &with), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_set_role(&prover, PSA_PAKE_ROLE_CLIENT), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_output(&prover, PSA_PAKE_STEP_KEY_SHARE, data, sizeof data, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_abort(&prover), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(public), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(pair), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(password), PSA_SUCCESS);
}

static void spake2p(void)
{
    spake2p_with(SPAKE2P, 32);
    spake2p_with(PSA_ALG_SPAKE2P_HMAC(PSA_ALG_SHA_512), 64);
    spake2p_with(PSA_ALG_SPAKE2P_CMAC(PSA_ALG_SHA_256), 32);
    spake2p_with(PSA_ALG_SPAKE2P_MATTER, 16);
}

static psa_key_id_t password_token(psa_key_id_t password, psa_algorithm_t alg)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_attributes_t attributes =
        key_attributes(PSA_KEY_TYPE_WPA3_SAE_ECC(PSA_ECC_FAMILY_SECP_R1), 256, PSA_KEY_USAGE_DERIVE, alg);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    uint8_t byte;
    MUST_SUCCEED(psa_key_derivation_setup(&operation, H2E));
    MUST_SUCCEED(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SALT, (const uint8_t *)"byteme", 6));
    MUST_SUCCEED(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_PASSWORD, password));
    MUST_SUCCEED(psa_key_derivation_output_key(&attributes, &operation, &key));
    CHECK_STATUS(psa_key_derivation_output_bytes(&operation, &byte, 1), PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    return key;
}

static void wpa3_sae(void)
{
    static const uint8_t counter[] = {1, 0}, salt[32] = {0};
    psa_algorithm_t algorithms[] = {SAE, PSA_ALG_WPA3_SAE_GDH(PSA_ALG_SHA_256), SAE};
    psa_key_id_t password = import_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, PSA_ALG_WPA3_SAE_ANY, PASSWORD);
    size_t i;
    for (i = 0; i < COUNT_OF(algorithms); i++) {
        psa_algorithm_t alg = algorithms[i];
        /* The last time by hunting and pecking, with the password itself. */
        psa_key_id_t key = i == 2 ? password : password_token(password, PSA_ALG_WPA3_SAE_ANY);
        psa_pake_cipher_suite_t with = suite(alg, P256, PSA_PAKE_CONFIRMED_KEY);
        psa_pake_operation_t one = PSA_PAKE_OPERATION_INIT, two = PSA_PAKE_OPERATION_INIT;
        uint8_t ids[2][16], buffer[PSA_PAKE_OUTPUT_MAX_SIZE];
        size_t length;
        begin(&one, key, with, PSA_PAKE_ROLE_NONE, client, server);
        begin(&two, key, with, PSA_PAKE_ROLE_NONE, server, client);
        CHECK_STATUS(psa_pake_set_context(&two, salt, 1), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_pake_abort(&two), PSA_SUCCESS);
        begin(&two, key, with, PSA_PAKE_ROLE_NONE, server, client);
        CHECK_STATUS(pass(&one, &two, alg, PSA_PAKE_STEP_COMMIT), PSA_SUCCESS);
        CHECK_STATUS(pass(&two, &one, alg, PSA_PAKE_STEP_COMMIT), PSA_SUCCESS);
        CHECK_STATUS(psa_pake_input(&one, PSA_PAKE_STEP_SALT, salt, sizeof salt), PSA_SUCCESS);
        CHECK_STATUS(psa_pake_input(&two, PSA_PAKE_STEP_SALT, salt, sizeof salt), PSA_SUCCESS);
        CHECK_STATUS(psa_pake_input(&one, PSA_PAKE_STEP_CONFIRM_COUNT, counter, sizeof counter), PSA_SUCCESS);
        CHECK_STATUS(pass(&one, &two, alg, PSA_PAKE_STEP_CONFIRM), PSA_SUCCESS);
        CHECK_STATUS(psa_pake_input(&two, PSA_PAKE_STEP_CONFIRM_COUNT, counter, sizeof counter), PSA_SUCCESS);
        CHECK_STATUS(pass(&two, &one, alg, PSA_PAKE_STEP_CONFIRM), PSA_SUCCESS);
        CHECK_STATUS(psa_pake_output(&one, PSA_PAKE_STEP_KEY_ID, ids[0], sizeof ids[0], &length), PSA_SUCCESS);
        CHECK(length == 16);
        CHECK_STATUS(psa_pake_output(&two, PSA_PAKE_STEP_KEY_ID, ids[1], sizeof ids[1], &length), PSA_SUCCESS);
        CHECK(memcmp(ids[0], ids[1], 16) == 0);
        check_same_secret(&one, &two, 32);
        CHECK_STATUS(psa_pake_output(&one, PSA_PAKE_STEP_COMMIT, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
        if (key != password) {
            CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
        }
    }
    CHECK_STATUS(psa_destroy_key(password), PSA_SUCCESS);
}

static void what_does_not_go_together_is_refused(void)
{
    psa_key_id_t password = import_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, JPAKE, PASSWORD);
    psa_key_id_t secret = import_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_VERIFY_DERIVATION, JPAKE, PASSWORD);
    psa_pake_cipher_suite_t bad[] = {
        suite(JPAKE, P256, PSA_PAKE_CONFIRMED_KEY),
        suite(PSA_ALG_CMAC, P256, PSA_PAKE_UNCONFIRMED_KEY),
    };
    psa_pake_cipher_suite_t good = suite(JPAKE, P256, PSA_PAKE_UNCONFIRMED_KEY);
    psa_pake_cipher_suite_t nowhere = suite(
        JPAKE, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_ECC_FAMILY_SECP_R1, 256), PSA_PAKE_UNCONFIRMED_KEY);
    psa_pake_operation_t operation = PSA_PAKE_OPERATION_INIT;
    static const uint8_t long_name[17] = {1};
    size_t i;
    for (i = 0; i < COUNT_OF(bad); i++) {
        CHECK_STATUS(psa_pake_setup(&operation, password, &bad[i]), PSA_ERROR_INVALID_ARGUMENT);
    }
    CHECK_STATUS(psa_pake_setup(&operation, password, &nowhere), PSA_ERROR_NOT_SUPPORTED);
    CHECK_STATUS(psa_pake_setup(&operation, secret, &good), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_pake_setup(&operation, PSA_KEY_ID_NULL, &good), PSA_ERROR_INVALID_HANDLE);
    CHECK_STATUS(psa_pake_setup(&operation, password, NULL), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_pake_setup(&operation, password, &good), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_setup(&operation, password, &good), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_pake_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_setup(&operation, password, &good), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_set_user(&operation, long_name, sizeof long_name), PSA_ERROR_NOT_SUPPORTED);
    CHECK_STATUS(psa_pake_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_setup(&operation, password, &good), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_set_peer(&operation, long_name, 0), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_pake_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_setup(&operation, password, &good), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_set_role(&operation, PSA_PAKE_ROLE_FIRST), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_pake_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(password), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(secret), PSA_SUCCESS);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(jpake_in_each_order);
    RUN(spake2p_registration_of_matter);
    RUN(spake2p);
    RUN(wpa3_sae);
    RUN(what_does_not_go_together_is_refused);
    return check_result();
}
