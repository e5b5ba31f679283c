/* Uses a key of the key store that migration.py has made as an earlier version did, and its last key. */
#include "../check.h"

static psa_status_t use(psa_key_id_t key)
{
    uint8_t input[16] = {0}, output[32];
    size_t length;
    return psa_cipher_encrypt(key, PSA_ALG_CTR, input, sizeof input, output, sizeof output, &length);
}

int main(int argc, char **argv)
{
    MUST(argc == 2);
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(use(1), PSA_SUCCESS);
    CHECK_STATUS(use((psa_key_id_t)strtoul(argv[1], NULL, 10)), PSA_SUCCESS);
    return check_result();
}
