/**
 * \file psa/crypto_macros.h
 * Macros that compute with algorithms, key types, lifetimes and PAKE primitives, as far as they are more than a
 * comparison of bits; those are in psa/crypto_values.h, which includes this file.
 *
 * Written by hand: a test compares every macro with its twin in the library.
 */
#ifndef PSA_CRYPTO_MACROS_H
#define PSA_CRYPTO_MACROS_H

/* Algorithms carry their hash in the lowest byte, MAC and AEAD algorithms a length in bits 16 to 21 and the mark of
 * a minimum-length wildcard in bit 15 (PSA 1.5, appendix B.1). */
#define PARSEC_ALG_LENGTH_FIELD 0x003f8000u
#define PARSEC_ALG_AT_LEAST 0x00008000u
#define PARSEC_ALG_WITH_LENGTH(alg, length) \
    (((alg) & ~PARSEC_ALG_LENGTH_FIELD) | (((length) & 0x3fu) << 16))
#define PARSEC_ALG_GET_LENGTH(alg) (((alg) >> 16) & 0x3fu)

/** The hash that parameterizes an algorithm, or PSA_ALG_NONE (PSA 1.5, section 10.1.3). */
#define PSA_ALG_GET_HASH(alg) \
    ((psa_algorithm_t) (((alg) & 0xffu) == 0u ? 0u : 0x02000000u | ((alg) & 0xffu)))

/** Whether an algorithm is good for a key's policy only (PSA 1.5, section 10.1.3). */
#define PSA_ALG_IS_WILDCARD(alg) \
    (((alg) & 0xffu) == 0xffu || \
     ((alg) & 0x7f008000u) == 0x03008000u || \
     ((alg) & 0x7f008000u) == 0x05008000u || \
     (alg) == PSA_ALG_CCM_STAR_ANY_TAG)

/** A MAC algorithm that gives only the first \p mac_length bytes (PSA 1.5, section 10.4.1). */
#define PSA_ALG_TRUNCATED_MAC(mac_alg, mac_length) \
    ((psa_algorithm_t) PARSEC_ALG_WITH_LENGTH(mac_alg, mac_length))

/** A MAC algorithm without truncation (PSA 1.5, section 10.4.1). */
#define PSA_ALG_FULL_LENGTH_MAC(mac_alg) ((psa_algorithm_t) ((mac_alg) & ~PARSEC_ALG_LENGTH_FIELD))

/** For policies: a MAC algorithm with at least \p min_mac_length bytes (PSA 1.5, section 10.4.1). */
#define PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(mac_alg, min_mac_length) \
    ((psa_algorithm_t) (PARSEC_ALG_WITH_LENGTH(mac_alg, min_mac_length) | PARSEC_ALG_AT_LEAST))

/** An AEAD algorithm with a tag of \p tag_length bytes (PSA 1.5, section 10.6.1). */
#define PSA_ALG_AEAD_WITH_SHORTENED_TAG(aead_alg, tag_length) \
    ((psa_algorithm_t) PARSEC_ALG_WITH_LENGTH(aead_alg, tag_length))

/** For policies: an AEAD algorithm with a tag of at least \p min_tag_length bytes (PSA 1.5, section 10.6.1). */
#define PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(aead_alg, min_tag_length) \
    ((psa_algorithm_t) (PARSEC_ALG_WITH_LENGTH(aead_alg, min_tag_length) | PARSEC_ALG_AT_LEAST))

/** An AEAD algorithm with the tag length that its constant has (PSA 1.5, section 10.6.1). */
#define PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(aead_alg) \
    (PARSEC_AEAD_IS(aead_alg, PSA_ALG_CCM)                 ? PSA_ALG_CCM : \
     PARSEC_AEAD_IS(aead_alg, PSA_ALG_GCM)                 ? PSA_ALG_GCM : \
     PARSEC_AEAD_IS(aead_alg, PSA_ALG_CHACHA20_POLY1305)   ? PSA_ALG_CHACHA20_POLY1305 : \
     PARSEC_AEAD_IS(aead_alg, PSA_ALG_XCHACHA20_POLY1305)  ? PSA_ALG_XCHACHA20_POLY1305 : \
     PARSEC_AEAD_IS(aead_alg, PSA_ALG_ASCON_AEAD128)       ? PSA_ALG_ASCON_AEAD128 : \
     PSA_ALG_NONE)
#define PARSEC_AEAD_IS(alg, aead) \
    (((alg) & ~PARSEC_ALG_LENGTH_FIELD) == ((aead) & ~PARSEC_ALG_LENGTH_FIELD))

/** Whether signing a message with this algorithm is signing its hash (PSA 1.5, section 10.9.10). */
#define PSA_ALG_IS_HASH_AND_SIGN(alg) \
    (PSA_ALG_IS_RSA_PSS(alg) || PSA_ALG_IS_RSA_PKCS1V15_SIGN(alg) || PSA_ALG_IS_ECDSA(alg) || \
     PSA_ALG_IS_HASH_EDDSA(alg) || PSA_ALG_IS_HASH_ML_DSA(alg) || PSA_ALG_IS_HASH_SLH_DSA(alg))

/** Whether an algorithm can be used with psa_sign_hash() (PSA 1.5, section 10.9.10). */
#define PSA_ALG_IS_SIGN_HASH(alg) (PSA_ALG_IS_HASH_AND_SIGN(alg) || PARSEC_ALG_SIGNS_ONLY_HASHES(alg))

/** Whether an algorithm can be used with psa_sign_message() or psa_verify_message() (PSA 1.5, section 10.9.10). */
#define PSA_ALG_IS_SIGN_MESSAGE(alg) (PSA_ALG_IS_SIGN(alg) && !PARSEC_ALG_SIGNS_ONLY_HASHES(alg))
#define PARSEC_ALG_SIGNS_ONLY_HASHES(alg) \
    ((alg) == PSA_ALG_RSA_PKCS1V15_SIGN_RAW || (alg) == PSA_ALG_ECDSA_ANY)

/** Whether a signature algorithm takes a context that is not empty (PSA 1.5, section 10.9.10). */
#define PSA_ALG_SIGN_SUPPORTS_CONTEXT(alg) \
    ((alg) == PSA_ALG_EDDSA_CTX || PSA_ALG_IS_HASH_EDDSA(alg) || \
     PSA_ALG_IS_SLH_DSA(alg) || PSA_ALG_IS_HASH_SLH_DSA(alg) || \
     PSA_ALG_IS_ML_DSA(alg) || PSA_ALG_IS_HASH_ML_DSA(alg))

/** A key agreement whose secret goes into a key derivation (PSA 1.5, section 10.11.1). */
#define PSA_ALG_KEY_AGREEMENT(ka_alg, kdf_alg) ((psa_algorithm_t) ((ka_alg) | (kdf_alg)))

/** The key agreement in a combined algorithm (PSA 1.5, section 10.11.4). */
#define PSA_ALG_KEY_AGREEMENT_GET_BASE(alg) ((psa_algorithm_t) ((alg) & 0xff7f0000u))

/** The key derivation in a combined algorithm (PSA 1.5, section 10.11.4). */
#define PSA_ALG_KEY_AGREEMENT_GET_KDF(alg) ((psa_algorithm_t) ((alg) & 0xfe80ffffu))

/** Whether the material of a key type is bytes without a format (PSA 1.5, section 9.2.2). */
#define PSA_KEY_TYPE_IS_UNSTRUCTURED(type) \
    (((type) & 0x7000u) == 0x1000u || ((type) & 0x7000u) == 0x2000u)

/** The key pair type of a public key type (PSA 1.5, section 9.5.10). */
#define PSA_KEY_TYPE_KEY_PAIR_OF_PUBLIC_KEY(type) ((psa_key_type_t) ((type) | 0x3000u))

/** The public key type of a key pair type (PSA 1.5, section 9.5.10). */
#define PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type) ((psa_key_type_t) ((type) & ~0x3000u))

/** Length in bytes of a cipher key type's block, 1 for a stream cipher (PSA 1.5, section 10.5.4). */
#define PSA_BLOCK_CIPHER_BLOCK_LENGTH(type) (1u << (((type) >> 8) & 7u))

/** The persistence in a lifetime: how long a key stays (PSA 1.5, section 9.6.6). */
#define PSA_KEY_LIFETIME_GET_PERSISTENCE(lifetime) ((psa_key_persistence_t) ((lifetime) & 0x000000ffu))

/** The location in a lifetime: where a key is (PSA 1.5, section 9.6.6). */
#define PSA_KEY_LIFETIME_GET_LOCATION(lifetime) ((psa_key_location_t) ((lifetime) >> 8))

/** Whether a key ends with the process at the latest (PSA 1.5, section 9.6.6). */
#define PSA_KEY_LIFETIME_IS_VOLATILE(lifetime) \
    (PSA_KEY_LIFETIME_GET_PERSISTENCE(lifetime) == PSA_KEY_PERSISTENCE_VOLATILE)

/** The lifetime of a key that stays so long and is there (PSA 1.5, section 9.6.6). */
#define PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(persistence, location) \
    ((psa_key_lifetime_t) ((((psa_key_lifetime_t) (location)) << 8) | (persistence)))

/** A group for a PAKE; 0 where it cannot be encoded (PSA 1.5, section 10.13.2). */
#define PSA_PAKE_PRIMITIVE(pake_type, pake_family, pake_bits) \
    ((psa_pake_primitive_t) (((pake_bits) & 0xffffu) != (pake_bits) ? 0u : \
                             (((psa_pake_primitive_t) (pake_type)) << 24) | \
                             (((psa_pake_primitive_t) (pake_family)) << 16) | \
                             (psa_pake_primitive_t) (pake_bits)))

/** The kind of a PAKE's group (PSA 1.5, section 10.13.2). */
#define PSA_PAKE_PRIMITIVE_GET_TYPE(pake_primitive) \
    ((psa_pake_primitive_type_t) (((pake_primitive) >> 24) & 0xffu))

/** The family of a PAKE's group (PSA 1.5, section 10.13.2). */
#define PSA_PAKE_PRIMITIVE_GET_FAMILY(pake_primitive) \
    ((psa_pake_family_t) (((pake_primitive) >> 16) & 0xffu))

/** The size in bits of a PAKE's group (PSA 1.5, section 10.13.2). */
#define PSA_PAKE_PRIMITIVE_GET_BITS(pake_primitive) ((size_t) ((pake_primitive) & 0xffffu))

#endif /* PSA_CRYPTO_MACROS_H */
