/* A key that is derived from a secret which nobody has seen. */
#ifndef DERIVED_H
#define DERIVED_H

#include "../check.h"

static inline psa_status_t derive_key(const psa_key_attributes_t *attributes)
{
    const psa_algorithm_t hkdf = PSA_ALG_HKDF(PSA_ALG_SHA_256);
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_id_t secret = generate_key(PSA_KEY_TYPE_DERIVE, 256, PSA_KEY_USAGE_DERIVE, hkdf);
    psa_key_id_t key;
    psa_status_t status;
    MUST_SUCCEED(psa_key_derivation_setup(&operation, hkdf));
    MUST_SUCCEED(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, secret));
    MUST_SUCCEED(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, (const uint8_t *)"info", 4));
    status = psa_key_derivation_output_key(attributes, &operation, &key);
    psa_key_derivation_abort(&operation);
    MUST_SUCCEED(psa_destroy_key(secret));
    return status;
}

#endif
