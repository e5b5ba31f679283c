/* A good call of each function: those of derivation and of asymmetric algorithms. A part of every_function.c. */
#ifndef GOOD_CALLS_ASYMMETRIC_H
#define GOOD_CALLS_ASYMMETRIC_H

#include "good_calls.h"

/* ---- derivation ---- */

static void deriving(struct argument *a, int has_secret)
{
    MUST_SUCCEED(psa_key_derivation_setup(&operations.derivation, HKDF));
    if (has_secret) {
        MUST_SUCCEED(psa_key_derivation_input_key(&operations.derivation, PSA_KEY_DERIVATION_INPUT_SECRET, derive));
        MUST_SUCCEED(psa_key_derivation_input_bytes(&operations.derivation, PSA_KEY_DERIVATION_INPUT_INFO,
                                                    (const uint8_t *)TEXT, 16));
    }
    pointer(a, &operations.derivation);
}

/* What the operation above puts out first. */
static const uint8_t *derived(void)
{
    static uint8_t bytes[16];
    struct argument unused[1];
    size_t kept = place_of;
    place_of = 0;
    deriving(unused, 1);
    MUST_SUCCEED(psa_key_derivation_output_bytes(&operations.derivation, bytes, sizeof bytes));
    MUST_SUCCEED(psa_key_derivation_abort(&operations.derivation));
    place_of = kept;
    return bytes;
}

GOOD(psa_key_derivation_setup) { pointer(a, &operations.derivation); number(a, HKDF); }
GOOD(psa_key_derivation_get_capacity) { deriving(a, 0); }
GOOD(psa_key_derivation_set_capacity) { deriving(a, 0); number(a, 20); }

GOOD(psa_key_derivation_input_bytes)
{
    deriving(a, 0);
    number(a, PSA_KEY_DERIVATION_INPUT_SALT);
    text(a);
}

GOOD(psa_key_derivation_input_integer)
{
    MUST_SUCCEED(psa_key_derivation_setup(&operations.derivation, PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256)));
    pointer(a, &operations.derivation);
    number(a, PSA_KEY_DERIVATION_INPUT_COST);
    number(a, 10);
}

GOOD(psa_key_derivation_input_key)
{
    deriving(a, 0);
    number(a, PSA_KEY_DERIVATION_INPUT_SECRET);
    number(a, derive);
}

GOOD(psa_key_derivation_output_bytes) { deriving(a, 1); output(a, 32); }
GOOD(psa_key_derivation_output_key) { pointer(a, sized()); deriving(a, 1); pointer(a, NULL); }

GOOD(psa_key_derivation_output_key_custom)
{
    pointer(a, sized());
    deriving(a, 1);
    pointer(a, &custom);
    input(a, NULL, 0);
    pointer(a, NULL);
}

GOOD(psa_key_derivation_verify_bytes)
{
    const uint8_t *expected = derived();
    deriving(a, 1);
    input(a, expected, 16);
}

GOOD(psa_key_derivation_verify_key)
{
    if (verifying == PSA_KEY_ID_NULL) {
        psa_key_attributes_t attributes =
            key_attributes(PSA_KEY_TYPE_PASSWORD_HASH, 0, PSA_KEY_USAGE_VERIFY_DERIVATION, HKDF);
        MUST_SUCCEED(psa_import_key(&attributes, derived(), 16, &verifying));
    }
    deriving(a, 1);
    number(a, verifying);
}

GOOD(psa_key_derivation_abort) { deriving(a, 1); }

/* ---- signatures ---- */

enum message { OF_MESSAGE, OF_HASH, WITH_CONTEXT, OF_HASH_WITH_CONTEXT };

/* A signature over the text or its hash, with the text as context. */
static const uint8_t *signed_as(enum message what)
{
    static uint8_t signature[64];
    const uint8_t *message = (const uint8_t *)TEXT;
    uint8_t hash[64];
    size_t length;
    MUST_SUCCEED(psa_hash_compute(PSA_ALG_SHA_512, message, 16, hash, sizeof hash, &length));
    switch (what) {
    case OF_MESSAGE: MUST_SUCCEED(psa_sign_message(p256, ECDSA, message, 16, signature, 64, &length)); break;
    case OF_HASH: MUST_SUCCEED(psa_sign_hash(p256, ECDSA, digest(), 32, signature, 64, &length)); break;
    case WITH_CONTEXT:
        MUST_SUCCEED(psa_sign_message_with_context(ed25519_context, ED25519CTX, message, 16, message, 16, signature, 64,
                                                   &length));
        break;
    default:
        MUST_SUCCEED(psa_sign_hash_with_context(ed25519_hash, ED25519PH, (const uint8_t *)TEXT TEXT TEXT TEXT, 64, message,
                                                16, signature, 64, &length));
    }
    return signature;
}

static void key_and_message(struct argument *a, enum message what)
{
    static const psa_algorithm_t algorithms[] = {ECDSA, ECDSA, ED25519CTX, ED25519PH};
    const psa_key_id_t keys[] = {p256, p256, ed25519_context, ed25519_hash};
    number(a, keys[what]);
    number(a, algorithms[what]);
    switch (what) {
    case OF_HASH: input(a, digest(), 32); break;
    case OF_HASH_WITH_CONTEXT: input(a, TEXT TEXT TEXT TEXT, 64); break;
    default: text(a);
    }
    if (what >= WITH_CONTEXT) {
        text(a);
    }
}

GOOD(psa_sign_message) { key_and_message(a, OF_MESSAGE); output(a, 64); }
GOOD(psa_sign_message_with_context) { key_and_message(a, WITH_CONTEXT); output(a, 64); }
GOOD(psa_sign_hash) { key_and_message(a, OF_HASH); output(a, 64); }
GOOD(psa_sign_hash_with_context) { key_and_message(a, OF_HASH_WITH_CONTEXT); output(a, 64); }
GOOD(psa_verify_message) { key_and_message(a, OF_MESSAGE); input(a, signed_as(OF_MESSAGE), 64); }
GOOD(psa_verify_message_with_context) { key_and_message(a, WITH_CONTEXT); input(a, signed_as(WITH_CONTEXT), 64); }
GOOD(psa_verify_hash) { key_and_message(a, OF_HASH); input(a, signed_as(OF_HASH), 64); }

GOOD(psa_verify_hash_with_context)
{
    key_and_message(a, OF_HASH_WITH_CONTEXT);
    input(a, signed_as(OF_HASH_WITH_CONTEXT), 64);
}

static void signing(struct argument *a)
{
    MUST_SUCCEED(psa_sign_setup(&operations.sign, p256, ECDSA));
    MUST_SUCCEED(psa_sign_update(&operations.sign, (const uint8_t *)TEXT, 16));
    pointer(a, &operations.sign);
}

static void verifying_parts(struct argument *a)
{
    MUST_SUCCEED(psa_verify_setup(&operations.verify, p256, ECDSA, signed_as(OF_MESSAGE), 64));
    MUST_SUCCEED(psa_verify_update(&operations.verify, (const uint8_t *)TEXT, 16));
    pointer(a, &operations.verify);
}

GOOD(psa_sign_setup) { pointer(a, &operations.sign); number(a, p256); number(a, ECDSA); }

GOOD(psa_sign_set_context)
{
    MUST_SUCCEED(psa_sign_setup(&operations.sign, ed25519_hash, ED25519PH));
    pointer(a, &operations.sign);
    text(a);
}

GOOD(psa_sign_update) { signing(a); text(a); }
GOOD(psa_sign_finish) { signing(a); output(a, 64); }
GOOD(psa_sign_abort) { signing(a); }

GOOD(psa_verify_setup)
{
    pointer(a, &operations.verify);
    number(a, p256);
    number(a, ECDSA);
    input(a, signed_as(OF_MESSAGE), 64);
}

GOOD(psa_verify_set_context)
{
    MUST_SUCCEED(psa_verify_setup(&operations.verify, ed25519_context, ED25519CTX, signed_as(WITH_CONTEXT), 64));
    pointer(a, &operations.verify);
    text(a);
}

GOOD(psa_verify_update) { verifying_parts(a); text(a); }
GOOD(psa_verify_finish) { verifying_parts(a); }
GOOD(psa_verify_abort) { verifying_parts(a); }

/* ---- asymmetric encryption, agreement, encapsulation ---- */

GOOD(psa_asymmetric_encrypt) { number(a, rsa); number(a, OAEP); text(a); text(a); output(a, 128); }

GOOD(psa_asymmetric_decrypt)
{
    static uint8_t ciphertext[128];
    size_t length;
    MUST_SUCCEED(psa_asymmetric_encrypt(rsa, OAEP, (const uint8_t *)TEXT, 16, (const uint8_t *)TEXT, 16, ciphertext,
                                        sizeof ciphertext, &length));
    number(a, rsa);
    number(a, OAEP);
    input(a, ciphertext, length);
    text(a);
    output(a, 16);
}

static void peer(struct argument *a)
{
    static uint8_t point[65];
    size_t length;
    MUST_SUCCEED(psa_export_public_key(p256, point, sizeof point, &length));
    input(a, point, length);
}

GOOD(psa_key_agreement)
{
    number(a, agreeing);
    peer(a);
    number(a, PSA_ALG_ECDH);
    pointer(a, &derive_attributes);
    pointer(a, NULL);
}

GOOD(psa_raw_key_agreement) { number(a, PSA_ALG_ECDH); number(a, agreeing); peer(a); output(a, 32); }

GOOD(psa_key_derivation_key_agreement)
{
    MUST_SUCCEED(psa_key_derivation_setup(&operations.derivation, PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, HKDF)));
    pointer(a, &operations.derivation);
    number(a, PSA_KEY_DERIVATION_INPUT_SECRET);
    number(a, agreeing_to_derive);
    peer(a);
}

GOOD(psa_encapsulate)
{
    number(a, ml_kem);
    number(a, PSA_ALG_ML_KEM);
    pointer(a, &derive_attributes);
    pointer(a, NULL);
    output(a, 768);
}

GOOD(psa_decapsulate)
{
    static uint8_t ciphertext[768];
    psa_key_id_t key;
    size_t length;
    MUST_SUCCEED(psa_encapsulate(ml_kem, PSA_ALG_ML_KEM, &derive_attributes, &key, ciphertext, sizeof ciphertext, &length));
    MUST_SUCCEED(psa_destroy_key(key));
    number(a, ml_kem);
    number(a, PSA_ALG_ML_KEM);
    input(a, ciphertext, length);
    pointer(a, &derive_attributes);
    pointer(a, NULL);
}

/* ---- password-authenticated key exchange ---- */

static const psa_pake_cipher_suite_t *suite_of(psa_algorithm_t alg, uint32_t confirmation)
{
    suite = psa_pake_cipher_suite_init();
    psa_pake_cs_set_algorithm(&suite, alg);
    psa_pake_cs_set_primitive(&suite, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_ECC, PSA_ECC_FAMILY_SECP_R1, 256));
    psa_pake_cs_set_key_confirmation(&suite, confirmation);
    return &suite;
}

static void spake2p_set_up(struct argument *a)
{
    MUST_SUCCEED(psa_pake_setup(&operations.pake, spake2p, suite_of(SPAKE2P, PSA_PAKE_CONFIRMED_KEY)));
    pointer(a, &operations.pake);
}

static void jpake_set_up(psa_pake_operation_t *operation, const char *user, const char *other)
{
    MUST_SUCCEED(psa_pake_setup(operation, password, suite_of(JPAKE, PSA_PAKE_UNCONFIRMED_KEY)));
    MUST_SUCCEED(psa_pake_set_user(operation, (const uint8_t *)user, strlen(user)));
    MUST_SUCCEED(psa_pake_set_peer(operation, (const uint8_t *)other, strlen(other)));
}

/* One of two rounds of J-PAKE, from one side to the other. */
static void jpake_round(psa_pake_operation_t *from, psa_pake_operation_t *to, int proofs)
{
    static const psa_pake_step_t steps[] = {PSA_PAKE_STEP_KEY_SHARE, PSA_PAKE_STEP_ZK_PUBLIC, PSA_PAKE_STEP_ZK_PROOF};
    uint8_t buffer[PSA_PAKE_OUTPUT_MAX_SIZE];
    size_t length;
    int i;
    for (i = 0; i < 3 * proofs; i++) {
        MUST_SUCCEED(psa_pake_output(from, steps[i % 3], buffer, sizeof buffer, &length));
        MUST_SUCCEED(psa_pake_input(to, steps[i % 3], buffer, length));
    }
}

GOOD(psa_pake_setup)
{
    pointer(a, &operations.pake);
    number(a, password);
    pointer(a, suite_of(JPAKE, PSA_PAKE_UNCONFIRMED_KEY));
}

GOOD(psa_pake_set_role) { spake2p_set_up(a); number(a, PSA_PAKE_ROLE_CLIENT); }
GOOD(psa_pake_set_user) { spake2p_set_up(a); text(a); }
GOOD(psa_pake_set_peer) { spake2p_set_up(a); text(a); }
GOOD(psa_pake_set_context) { spake2p_set_up(a); text(a); }

GOOD(psa_pake_output)
{
    jpake_set_up(&operations.pake, "client", "server");
    pointer(a, &operations.pake);
    number(a, PSA_PAKE_STEP_KEY_SHARE);
    output(a, 65);
}

GOOD(psa_pake_input)
{
    static uint8_t share[65];
    psa_pake_operation_t other = PSA_PAKE_OPERATION_INIT;
    size_t length;
    jpake_set_up(&other, "server", "client");
    MUST_SUCCEED(psa_pake_output(&other, PSA_PAKE_STEP_KEY_SHARE, share, sizeof share, &length));
    MUST_SUCCEED(psa_pake_abort(&other));
    jpake_set_up(&operations.pake, "client", "server");
    pointer(a, &operations.pake);
    number(a, PSA_PAKE_STEP_KEY_SHARE);
    input(a, share, length);
}

GOOD(psa_pake_get_shared_key)
{
    psa_pake_operation_t other = PSA_PAKE_OPERATION_INIT;
    jpake_set_up(&operations.pake, "client", "server");
    jpake_set_up(&other, "server", "client");
    jpake_round(&operations.pake, &other, 2);
    jpake_round(&other, &operations.pake, 2);
    jpake_round(&operations.pake, &other, 1);
    jpake_round(&other, &operations.pake, 1);
    MUST_SUCCEED(psa_pake_abort(&other));
    pointer(a, &operations.pake);
    pointer(a, &derive_attributes);
    pointer(a, NULL);
}

GOOD(psa_pake_abort) { spake2p_set_up(a); }

#endif
