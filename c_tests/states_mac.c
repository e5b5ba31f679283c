/* MAC operations: PSA 1.5, section 10.4.3. See states.h. */
#include "states.h"

#define MESSAGE 300

static struct state_key rows[64];
static size_t row_count;

static struct {
    psa_mac_operation_t operation;
    enum state state;
    const struct state_key *row;
    psa_algorithm_t alg;
    int signs;
    size_t length;
    uint8_t message[MESSAGE];
} mac;

static void prepare(void)
{
    row_count = rows_of(SUPPORT_MAC, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE, rows, COUNT_OF(rows));
}

static void set_up(int signs)
{
    const struct state_key *row = &rows[turn() % row_count];
    size_t full = PSA_MAC_LENGTH(row->row->key_type, row->row->key_bits, row->row->alg);
    psa_algorithm_t alg = one_in(2) ? row->row->alg : PSA_ALG_TRUNCATED_MAC(row->row->alg, 4 + below((unsigned)full - 3));
    psa_key_id_t key = row->key;
    psa_status_t right = PSA_SUCCESS, status;
    if (mac.state == INACTIVE && mischief()) {
        switch (below(3)) {
        case 0: key = PSA_KEY_ID_NULL; right = PSA_ERROR_INVALID_HANDLE; break;
        case 1: alg = PSA_ALG_HMAC(PSA_ALG_SHA_512_224); right = PSA_ERROR_NOT_PERMITTED; break;
        default: alg = PSA_ALG_GCM; right = REFUSED; break;
        }
    }
    status = signs ? psa_mac_sign_setup(&mac.operation, key, alg) : psa_mac_verify_setup(&mac.operation, key, alg);
    if (right == REFUSED && status == PSA_ERROR_NOT_PERMITTED) {
        right = PSA_ERROR_NOT_PERMITTED;
    }
    if (answered(&mac.state, SETUP, signs ? "psa_mac_sign_setup" : "psa_mac_verify_setup", alg, status, right)) {
        mac.row = row;
        mac.alg = alg;
        mac.signs = signs;
        mac.length = 0;
    }
}

static void set_up_to_sign(void)
{
    set_up(1);
}

static void set_up_to_verify(void)
{
    set_up(0);
}

static void update(void)
{
    uint8_t data[100];
    size_t length = below(mac.length + sizeof data > MESSAGE ? 1 : sizeof data);
    random_bytes(data, length);
    if (answered(&mac.state, STEP, "psa_mac_update", length, psa_mac_update(&mac.operation, data, length), PSA_SUCCESS)) {
        memcpy(mac.message + mac.length, data, length);
        mac.length += length;
    }
}

static size_t expected_mac(uint8_t *value)
{
    size_t length = 0;
    if (mac.state == ACTIVE) {
        holds("psa_mac_compute", psa_mac_compute(mac.row->key, mac.alg, mac.message, mac.length, value, PSA_MAC_MAX_SIZE,
                                                 &length) == PSA_SUCCESS);
        holds("PSA_MAC_LENGTH", length == PSA_MAC_LENGTH(mac.row->row->key_type, mac.row->row->key_bits, mac.alg));
    }
    return length;
}

static void sign_finish(void)
{
    uint8_t expected[PSA_MAC_MAX_SIZE], value[PSA_MAC_MAX_SIZE];
    size_t expected_length = expected_mac(expected), length = 1;
    int is_short = mac.state == ACTIVE && mac.signs && mischief();
    size_t size = is_short ? expected_length - 1 : sizeof value;
    psa_status_t right = !mac.signs ? PSA_ERROR_BAD_STATE : is_short ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_SUCCESS;
    if (answered(&mac.state, FINISH, "psa_mac_sign_finish", size,
                 psa_mac_sign_finish(&mac.operation, value, size, &length), right)) {
        same("the MAC is that of one call", value, length, expected, expected_length);
        completed();
    } else {
        holds("no length after a failure", length == 0);
    }
}

static void verify_finish(void)
{
    uint8_t value[PSA_MAC_MAX_SIZE + 1] = {0};
    size_t length = expected_mac(value);
    int is_wrong = mac.state == ACTIVE && !mac.signs && mischief();
    psa_status_t right = mac.signs ? PSA_ERROR_BAD_STATE : is_wrong ? PSA_ERROR_INVALID_SIGNATURE : PSA_SUCCESS;
    if (is_wrong) {
        spoil(value, &length);
    }
    if (answered(&mac.state, FINISH, "psa_mac_verify_finish", length, psa_mac_verify_finish(&mac.operation, value, length),
                 right)) {
        completed();
    }
}

static void abort_mac(void)
{
    answered(&mac.state, ABORT, "psa_mac_abort", 0, psa_mac_abort(&mac.operation), PSA_SUCCESS);
}

static const state_call calls[] = {set_up_to_verify, set_up_to_sign, sign_finish, verify_finish, abort_mac, update};

static state_call usual_call(void)
{
    switch (mac.state) {
    case INACTIVE: return one_in(2) ? set_up_to_verify : set_up_to_sign;
    case FAILED: return abort_mac;
    default: return !one_in(4) ? update : mac.signs ? sign_finish : verify_finish;
    }
}

static void sequence(void)
{
    make_calls(20, usual_call, calls, COUNT_OF(calls));
    abort_mac();
}

const struct operation_kind mac_operations = {"mac", 1500, prepare, sequence};
