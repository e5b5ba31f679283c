/* Extendable-output functions: PSA 1.5, section 10.3. */
#include "check.h"

/* 40 bytes from the bytes 0 to 99, as CPython's hashlib and Ascon's reference in Python give them. */
static const struct {
    psa_algorithm_t alg;
    const char *context;
    const char *output;
} answers[] = {
    {PSA_ALG_SHAKE128, NULL, "04eba30b78550ee461bb4d591d2b3667eb844002eee5a1c7199f7d0420385f1118a36dbd5ab19739"},
    {PSA_ALG_SHAKE256, NULL, "bc98c76fbb61fca7da032d69423d140abf2ab5aab4271c29197c84303c0d90ff78feb885fed1c98c"},
    {PSA_ALG_ASCON_XOF128, NULL, "2439db2420dfd26d4b6feef7415476b481cfc482ada8f8c8a135f4ed247f972897e139f737ab3009"},
    {PSA_ALG_ASCON_CXOF128, "", "cb98c6a2979d1dc8534e30cc7fffb48287698205b707207d210206fddf84a4943285defff7674cfc"},
    {PSA_ALG_ASCON_CXOF128, "customized", "9da4c5b62ebdf74dcadfbe71d65b80753d312a2458fc7bfdbce7d98330ea895945a83938d310d126"},
};

static uint8_t input[100];

static void known_answers(void)
{
    uint8_t output[41];
    size_t i, part;
    for (i = 0; i < COUNT_OF(answers); i++) {
        for (part = 1; part <= sizeof input; part += 33) {
            psa_xof_operation_t operation = PSA_XOF_OPERATION_INIT;
            size_t done;
            CHECK_STATUS(psa_xof_setup(&operation, answers[i].alg), PSA_SUCCESS);
            CHECK(PSA_ALG_XOF_HAS_CONTEXT(answers[i].alg) == (answers[i].context != NULL));
            if (answers[i].context != NULL) {
                CHECK_STATUS(psa_xof_set_context(&operation, (const uint8_t *)answers[i].context,
                                                 strlen(answers[i].context)), PSA_SUCCESS);
            }
            for (done = 0; done < sizeof input; done += part) {
                size_t rest = sizeof input - done;
                CHECK_STATUS(psa_xof_update(&operation, input + done, rest < part ? rest : part), PSA_SUCCESS);
            }
            memset(output, 0x5a, sizeof output);
            CHECK_STATUS(psa_xof_output(&operation, output, 7), PSA_SUCCESS);
            CHECK_STATUS(psa_xof_output(&operation, NULL, 0), PSA_SUCCESS);
            CHECK_STATUS(psa_xof_output(&operation, output + 7, 33), PSA_SUCCESS);
            CHECK_HEX(output, 40, answers[i].output);
            CHECK(output[40] == 0x5a);
            CHECK_STATUS(psa_xof_abort(&operation), PSA_SUCCESS);
        }
    }
}

static void the_states_of_an_operation(void)
{
    psa_xof_operation_t operation = psa_xof_operation_init();
    uint8_t output[8];
    CHECK_STATUS(psa_xof_update(&operation, input, 3), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_xof_output(&operation, output, 3), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_xof_set_context(&operation, input, 3), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_xof_setup(&operation, PSA_ALG_SHAKE128), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_setup(&operation, PSA_ALG_SHAKE128), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_xof_abort(&operation), PSA_SUCCESS);
    /* No input after output. */
    CHECK_STATUS(psa_xof_setup(&operation, PSA_ALG_SHAKE128), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_output(&operation, output, 0), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_update(&operation, input, 3), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_xof_output(&operation, output, 3), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_xof_abort(&operation), PSA_SUCCESS);
    /* Only where there is a context it can be set, and must be. */
    CHECK_STATUS(psa_xof_setup(&operation, PSA_ALG_SHAKE256), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_set_context(&operation, input, 3), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_xof_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_setup(&operation, PSA_ALG_ASCON_CXOF128), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_update(&operation, input, 3), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_xof_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_setup(&operation, PSA_ALG_ASCON_CXOF128), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_set_context(&operation, NULL, 0), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_set_context(&operation, input, 3), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_xof_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_abort(&operation), PSA_SUCCESS);
}

static void bad_input(void)
{
    psa_xof_operation_t operation = PSA_XOF_OPERATION_INIT;
    uint8_t context[257] = {0};
    CHECK_REFUSED(psa_xof_setup(&operation, PSA_ALG_SHA_256));
    CHECK_REFUSED(psa_xof_setup(&operation, PSA_ALG_SHAKE256_512));
    CHECK_STATUS(psa_xof_setup(&operation, PSA_ALG_ASCON_CXOF128), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_set_context(&operation, context, sizeof context), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_xof_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_setup(&operation, PSA_ALG_SHAKE256), PSA_SUCCESS);
    CHECK_STATUS(psa_xof_update(&operation, NULL, 3), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_xof_abort(&operation), PSA_SUCCESS);
}

int main(void)
{
    size_t i;
    for (i = 0; i < sizeof input; i++) {
        input[i] = (uint8_t)i;
    }
    MUST_SUCCEED(psa_crypto_init());
    RUN(known_answers);
    RUN(the_states_of_an_operation);
    RUN(bad_input);
    return check_result();
}
