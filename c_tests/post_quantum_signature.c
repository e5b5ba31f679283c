/* Post-quantum signatures: PSA 1.5, sections 10.9.4 to 10.9.7. The vectors of the standards are in the tests of the engine. */
#include "check.h"

#define SIGN (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_SIGN_HASH)
#define VERIFY (PSA_KEY_USAGE_VERIFY_MESSAGE | PSA_KEY_USAGE_VERIFY_HASH)

static const uint8_t message[] = "The firmware of a gateway";
static const uint8_t context[] = "context";
static uint8_t signature[PSA_SIGNATURE_MAX_SIZE + 1];

/* A public key for the algorithm from a key pair. */
static psa_key_id_t public_part(psa_key_id_t pair, psa_algorithm_t alg)
{
    psa_key_attributes_t of_pair = PSA_KEY_ATTRIBUTES_INIT, attributes;
    struct bytes data;
    psa_key_id_t key = PSA_KEY_ID_NULL;
    MUST_SUCCEED(psa_get_key_attributes(pair, &of_pair));
    MUST_SUCCEED(psa_export_public_key(pair, data.data, sizeof data.data, &data.length));
    CHECK(data.length == PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(psa_get_key_type(&of_pair), psa_get_key_bits(&of_pair)));
    attributes = key_attributes(PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(psa_get_key_type(&of_pair)),
                                psa_get_key_bits(&of_pair), VERIFY, alg);
    MUST_SUCCEED(psa_import_key(&attributes, data.data, data.length, &key));
    return key;
}

/* In parts, if the algorithm signs so. */
static void in_parts(psa_key_id_t pair, psa_key_id_t public_key, psa_algorithm_t alg, size_t expected)
{
    psa_sign_operation_t sign = PSA_SIGN_OPERATION_INIT;
    psa_verify_operation_t verify = PSA_VERIFY_OPERATION_INIT;
    size_t length = expected, i;
    psa_status_t status = psa_sign_setup(&sign, pair, alg);
    if (PSA_ALG_IS_SLH_DSA(alg)) {
        CHECK_STATUS(status, PSA_ERROR_INVALID_ARGUMENT);
        MUST_SUCCEED(psa_sign_message_with_context(pair, alg, message, sizeof message, context, sizeof context, signature,
                                                   expected, &length));
    } else {
        CHECK_STATUS(status, PSA_SUCCESS);
        CHECK_STATUS(psa_sign_set_context(&sign, context, sizeof context), PSA_SUCCESS);
        for (i = 0; i < sizeof message; i++) {
            CHECK_STATUS(psa_sign_update(&sign, &message[i], 1), PSA_SUCCESS);
        }
        CHECK_STATUS(psa_sign_finish(&sign, signature, expected, &length), PSA_SUCCESS);
        CHECK(length == expected);
    }
    CHECK_STATUS(psa_verify_message_with_context(public_key, alg, message, sizeof message, context, sizeof context,
                                                 signature, length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_verify_message(public_key, alg, message, sizeof message, signature, length),
                 PSA_ERROR_INVALID_SIGNATURE);

    CHECK_STATUS(psa_verify_setup(&verify, public_key, alg, signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_set_context(&verify, context, sizeof context), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_update(&verify, message, 3), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_update(&verify, message + 3, sizeof message - 3), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_finish(&verify), PSA_SUCCESS);

    CHECK_STATUS(psa_verify_setup(&verify, public_key, alg, signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_update(&verify, message, sizeof message), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_set_context(&verify, context, sizeof context), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_verify_finish(&verify), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_verify_abort(&verify), PSA_SUCCESS);
}

/* As message and, if hash-and-sign, as hash; the other half of the twins verifies too. */
static void round_trip(psa_key_type_t type, size_t bits, psa_algorithm_t alg, psa_algorithm_t twin)
{
    psa_key_id_t pair = generate_key(type, bits, SIGN, alg), public_key = public_part(pair, alg);
    size_t expected = PSA_SIGN_OUTPUT_SIZE(type, bits, alg), length;
    uint8_t hash[PSA_HASH_MAX_SIZE], long_context[256] = {0};
    size_t hash_length;
    MUST(expected != 0 && expected <= PSA_SIGNATURE_MAX_SIZE);
    signature[expected] = 0xee;
    CHECK_STATUS(psa_sign_message(pair, alg, message, sizeof message, signature, expected, &length), PSA_SUCCESS);
    CHECK(length == expected && signature[expected] == 0xee);
    CHECK_STATUS(psa_verify_message(public_key, alg, message, sizeof message, signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_message(public_key, twin, message, sizeof message, signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_message(public_key, alg, message, 3, signature, length), PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_verify_message(public_key, alg, message, sizeof message, signature, length - 1),
                 PSA_ERROR_INVALID_SIGNATURE);
    if (PSA_ALG_IS_HASH_AND_SIGN(alg)) {
        MUST_SUCCEED(psa_hash_compute(PSA_ALG_GET_HASH(alg), message, sizeof message, hash, sizeof hash, &hash_length));
        CHECK_STATUS(psa_verify_hash(public_key, alg, hash, hash_length, signature, length), PSA_SUCCESS);
        CHECK_STATUS(psa_sign_hash_with_context(pair, alg, hash, hash_length, context, sizeof context, signature, expected,
                                                &length),
                     PSA_SUCCESS);
        CHECK_STATUS(psa_verify_hash_with_context(public_key, twin, hash, hash_length, context, sizeof context, signature,
                                                  length),
                     PSA_SUCCESS);
        CHECK_STATUS(psa_sign_hash(pair, alg, hash, hash_length - 1, signature, expected, &length),
                     PSA_ERROR_INVALID_ARGUMENT);
    } else {
        CHECK_STATUS(psa_sign_hash(pair, alg, message, 32, signature, expected, &length), PSA_ERROR_INVALID_ARGUMENT);
    }
    CHECK_STATUS(psa_sign_message(pair, twin, message, sizeof message, signature, expected, &length),
                 PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_sign_message(pair, alg, message, sizeof message, signature, expected - 1, &length),
                 PSA_ERROR_BUFFER_TOO_SMALL);
    memset(signature, 0xee, sizeof signature);
    CHECK_STATUS(psa_sign_message_with_context(pair, alg, message, sizeof message, long_context, sizeof long_context,
                                               signature, expected, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK(length == 0 && signature[0] == 0 && signature[expected - 1] == 0);
    in_parts(pair, public_key, alg, expected);
    CHECK_STATUS(psa_destroy_key(public_key), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(pair), PSA_SUCCESS);
}

static void ml_dsa(void)
{
    const psa_key_type_t type = PSA_KEY_TYPE_ML_DSA_KEY_PAIR;
    size_t bits;
    for (bits = 128; bits <= 256; bits += 64) {
        round_trip(type, bits, PSA_ALG_ML_DSA, PSA_ALG_DETERMINISTIC_ML_DSA);
        round_trip(type, bits, PSA_ALG_DETERMINISTIC_ML_DSA, PSA_ALG_ML_DSA);
        round_trip(type, bits, PSA_ALG_HASH_ML_DSA(PSA_ALG_SHA_512), PSA_ALG_DETERMINISTIC_HASH_ML_DSA(PSA_ALG_SHA_512));
        round_trip(type, bits, PSA_ALG_DETERMINISTIC_HASH_ML_DSA(PSA_ALG_SHAKE256_512),
                   PSA_ALG_HASH_ML_DSA(PSA_ALG_SHAKE256_512));
    }
}

static void slh_dsa(void)
{
    const psa_slh_dsa_family_t families[] = {PSA_SLH_DSA_FAMILY_SHA2_F, PSA_SLH_DSA_FAMILY_SHAKE_F};
    size_t i;
    for (i = 0; i < COUNT_OF(families); i++) {
        psa_key_type_t type = PSA_KEY_TYPE_SLH_DSA_KEY_PAIR(families[i]);
        round_trip(type, 128, PSA_ALG_SLH_DSA, PSA_ALG_DETERMINISTIC_SLH_DSA);
        round_trip(type, 128, PSA_ALG_HASH_SLH_DSA(PSA_ALG_SHA_256), PSA_ALG_DETERMINISTIC_HASH_SLH_DSA(PSA_ALG_SHA_256));
    }
}

/* Signatures without randomness on every parameter set, made with SLH-DSA 0.2.5, an implementation in Python; of each, its
 * SHA-256. The small sets take seconds. */
static void slh_dsa_known_answers(void)
{
    static const struct {
        psa_slh_dsa_family_t family;
        size_t bits;
        const char *key, *message, *signature_hash;
    } vectors[] = {
        {PSA_SLH_DSA_FAMILY_SHA2_F, 128,
         "86898c8f9295989b9ea1a4a7aaadb0b301060b10151a1f24292e33383d42474c020910171e252c333a41484f565d646b"
         "1d529909b4acbd998afb9c80631adb88",
         "41206d657373616765206f6620534841325f46",
         "c4a04600e3c471c415ee4f14627fc343af2852bca7f651550f36481143c1dd6d"},
        {PSA_SLH_DSA_FAMILY_SHA2_F, 192,
         "c6c9cccfd2d5d8dbdee1e4e7eaedf0f3f6f9fcff0205080b01060b10151a1f24292e33383d42474c51565b60656a6f74"
         "020910171e252c333a41484f565d646b727980878e959ca3700e6496359e3c0852da60d1541b7907171bee87aa4a391a",
         "41206d657373616765206f6620534841325f46",
         "8b71c91683cf41d36e0e9feace2592536ce5eac0bdbed7e988bcd0da3447b440"},
        {PSA_SLH_DSA_FAMILY_SHA2_F, 256,
         "06090c0f1215181b1e2124272a2d303336393c3f4245484b4e5154575a5d606301060b10151a1f24292e33383d42474c"
         "51565b60656a6f74797e83888d92979c020910171e252c333a41484f565d646b727980878e959ca3aab1b8bfc6cdd4db"
         "219546812cfd5013bae2fe16196c991a56a6b19ea4aa422b9ccc033b919492fe",
         "41206d657373616765206f6620534841325f46",
         "b19231a669bbcf29eb4fb518720988190df40108f47f7ae0fc55f3647621be29"},
        {PSA_SLH_DSA_FAMILY_SHAKE_F, 128,
         "878a8d909396999c9fa2a5a8abaeb1b401060b10151a1f24292e33383d42474c020910171e252c333a41484f565d646b"
         "5ffc09946d10f094d055479b1aecee85",
         "41206d657373616765206f66205348414b455f46",
         "03ef071b1daa0e9fb4c8baa2d3a9ca8f57c38d8d1fc3e30384cd87e8e6928819"},
        {PSA_SLH_DSA_FAMILY_SHAKE_F, 192,
         "c7cacdd0d3d6d9dcdfe2e5e8ebeef1f4f7fafd000306090c01060b10151a1f24292e33383d42474c51565b60656a6f74"
         "020910171e252c333a41484f565d646b727980878e959ca39fba40d505a8ecbb5fed4c5760149764513f0b48df61fb3f",
         "41206d657373616765206f66205348414b455f46",
         "5d8550285a561fa796e97950485da37fa6b592404f91f91b5836076aedfacefb"},
        {PSA_SLH_DSA_FAMILY_SHAKE_F, 256,
         "070a0d101316191c1f2225282b2e3134373a3d404346494c4f5255585b5e616401060b10151a1f24292e33383d42474c"
         "51565b60656a6f74797e83888d92979c020910171e252c333a41484f565d646b727980878e959ca3aab1b8bfc6cdd4db"
         "c6952f3538fda92f5f00f253b66b665dd8d385f524dc9dd24da0210ee38943b9",
         "41206d657373616765206f66205348414b455f46",
         "7a02f421d2e4adb088e41aa3e1586e66adb8089f334e4affce7a134d6f797a91"},
        {PSA_SLH_DSA_FAMILY_SHA2_S, 128,
         "86898c8f9295989b9ea1a4a7aaadb0b301060b10151a1f24292e33383d42474c020910171e252c333a41484f565d646b"
         "bdaa7a19bc0323aa184c652130958f45",
         "41206d657373616765206f6620534841325f53",
         "c14e7fe12cc3f18f465bf3b0b173ba01d53feb9c9fd9f8c202a9c9ebe2971fa2"},
        {PSA_SLH_DSA_FAMILY_SHA2_S, 192,
         "c6c9cccfd2d5d8dbdee1e4e7eaedf0f3f6f9fcff0205080b01060b10151a1f24292e33383d42474c51565b60656a6f74"
         "020910171e252c333a41484f565d646b727980878e959ca32406a7b08cabb5abc1f9b8d838978d1773307059fcc943ae",
         "41206d657373616765206f6620534841325f53",
         "3197394e7546d926d61c566fc59e0e68a4b9c9ea5fc5add18f2031dbed25b11a"},
        {PSA_SLH_DSA_FAMILY_SHA2_S, 256,
         "06090c0f1215181b1e2124272a2d303336393c3f4245484b4e5154575a5d606301060b10151a1f24292e33383d42474c"
         "51565b60656a6f74797e83888d92979c020910171e252c333a41484f565d646b727980878e959ca3aab1b8bfc6cdd4db"
         "2ab0d0799e317caa68acaed95c8be8e4920a4800d20086bfe553067e73c4c625",
         "41206d657373616765206f6620534841325f53",
         "c14b5142cc4f226acee07e0c64463107542ae7039c80aa4869d97a33b4277fd3"},
        {PSA_SLH_DSA_FAMILY_SHAKE_S, 128,
         "878a8d909396999c9fa2a5a8abaeb1b401060b10151a1f24292e33383d42474c020910171e252c333a41484f565d646b"
         "cbc2fe8863c56ddbfb4bc4aad4f35553",
         "41206d657373616765206f66205348414b455f53",
         "e3414b6baa1ea81352432a3661eaea6268b7eaca08d62e72e00aa4f1bc445849"},
        {PSA_SLH_DSA_FAMILY_SHAKE_S, 192,
         "c7cacdd0d3d6d9dcdfe2e5e8ebeef1f4f7fafd000306090c01060b10151a1f24292e33383d42474c51565b60656a6f74"
         "020910171e252c333a41484f565d646b727980878e959ca31e1a1d7d656f0abc775b7b0fd5bc8363efd87938b2abe2d5",
         "41206d657373616765206f66205348414b455f53",
         "f7dae2e7174d5aa7f2e669125ebc696b5356dd8e852210d76376799127131533"},
        {PSA_SLH_DSA_FAMILY_SHAKE_S, 256,
         "070a0d101316191c1f2225282b2e3134373a3d404346494c4f5255585b5e616401060b10151a1f24292e33383d42474c"
         "51565b60656a6f74797e83888d92979c020910171e252c333a41484f565d646b727980878e959ca3aab1b8bfc6cdd4db"
         "479d66d25272d22fbbba662784f9d52b2b8dac16c46c7e141e64706aa3f109da",
         "41206d657373616765206f66205348414b455f53",
         "58d2ef8bda28ebb84d09ec3e7c038df42d59c318438749d157637d49ced9402c"},
    };
    size_t i;
    for (i = 0; i < COUNT_OF(vectors); i++) {
        psa_key_type_t type = PSA_KEY_TYPE_SLH_DSA_KEY_PAIR(vectors[i].family);
        int small = vectors[i].family == PSA_SLH_DSA_FAMILY_SHA2_S || vectors[i].family == PSA_SLH_DSA_FAMILY_SHAKE_S;
        struct bytes text = hex(vectors[i].message);
        uint8_t hash[32];
        psa_key_id_t key;
        size_t length;
        if (!REPEAT(0, 1) && small && strcmp(place(), "native") != 0) {
            continue;
        }
        key = import_key(type, SIGN | VERIFY, PSA_ALG_DETERMINISTIC_SLH_DSA, vectors[i].key);
        CHECK_STATUS(psa_sign_message(key, PSA_ALG_DETERMINISTIC_SLH_DSA, text.data, text.length, signature,
                                      sizeof signature, &length),
                     PSA_SUCCESS);
        CHECK(length == PSA_SIGN_OUTPUT_SIZE(type, vectors[i].bits, PSA_ALG_SLH_DSA));
        CHECK_STATUS(psa_verify_message(key, PSA_ALG_SLH_DSA, text.data, text.length, signature, length), PSA_SUCCESS);
        MUST_SUCCEED(psa_hash_compute(PSA_ALG_SHA_256, signature, length, hash, sizeof hash, &length));
        CHECK_HEX(hash, length, vectors[i].signature_hash);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* What is only verified: a key of the right form, and what it refuses. */
static void hash_based(void)
{
    const struct {
        psa_key_type_t type;
        psa_algorithm_t alg;
        const char *head;
        size_t length;
    } schemes[] = {
        {PSA_KEY_TYPE_LMS_PUBLIC_KEY, PSA_ALG_LMS, "0000000500000004", 56},
        {PSA_KEY_TYPE_HSS_PUBLIC_KEY, PSA_ALG_HSS, "000000020000000500000004", 60},
        {PSA_KEY_TYPE_XMSS_PUBLIC_KEY, PSA_ALG_XMSS, "00000001", 68},
        {PSA_KEY_TYPE_XMSS_MT_PUBLIC_KEY, PSA_ALG_XMSS_MT, "00000001", 68},
    };
    size_t i, length;
    for (i = 0; i < COUNT_OF(schemes); i++) {
        psa_key_attributes_t attributes = key_attributes(schemes[i].type, 0, VERIFY | SIGN, schemes[i].alg);
        psa_verify_operation_t verify = PSA_VERIFY_OPERATION_INIT;
        psa_sign_operation_t sign = PSA_SIGN_OPERATION_INIT;
        struct bytes key_data = hex(schemes[i].head), exported;
        psa_key_id_t key;
        CHECK_STATUS(psa_import_key(&attributes, key_data.data, schemes[i].length - 1, &key), PSA_ERROR_INVALID_ARGUMENT);
        MUST_SUCCEED(psa_import_key(&attributes, key_data.data, schemes[i].length, &key));
        MUST_SUCCEED(psa_get_key_attributes(key, &attributes));
        CHECK(psa_get_key_bits(&attributes) == 256);
        MUST_SUCCEED(psa_export_key(key, exported.data, sizeof exported.data, &exported.length));
        CHECK(exported.length == PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(schemes[i].type, 256));
        CHECK(memcmp(exported.data, key_data.data, exported.length) == 0);

        CHECK_STATUS(psa_verify_message(key, schemes[i].alg, message, sizeof message, signature, 2000),
                     PSA_ERROR_INVALID_SIGNATURE);
        CHECK_STATUS(psa_verify_setup(&verify, key, schemes[i].alg, signature, 2000), PSA_SUCCESS);
        CHECK_STATUS(psa_verify_set_context(&verify, NULL, 0), PSA_SUCCESS);
        CHECK_STATUS(psa_verify_update(&verify, message, sizeof message), PSA_SUCCESS);
        CHECK_STATUS(psa_verify_finish(&verify), PSA_ERROR_INVALID_SIGNATURE);
        CHECK_STATUS(psa_verify_abort(&verify), PSA_SUCCESS);
        CHECK_STATUS(psa_verify_setup(&verify, key, schemes[i].alg, signature, 2000), PSA_SUCCESS);
        CHECK_STATUS(psa_verify_set_context(&verify, context, sizeof context), PSA_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(psa_verify_abort(&verify), PSA_SUCCESS);
        CHECK_STATUS(psa_sign_message(key, schemes[i].alg, message, sizeof message, signature, sizeof signature, &length),
                     PSA_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(psa_sign_setup(&sign, key, schemes[i].alg), PSA_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(ml_dsa);
    RUN(slh_dsa);
    RUN(slh_dsa_known_answers);
    RUN(hash_based);
    return check_result();
}
