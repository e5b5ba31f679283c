//! WPA3-SAE: the vectors of IEEE Std 802.11, annex J.10.

use super::super::groups;
use super::super::password_element::{self, token as password_token};
use super::super::sae::{Domain, Sae, Source};
use super::*;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::DhFamily;

const P256: PakePrimitive = PakePrimitive::new(PakePrimitive::TYPE_ECC, EccFamily::SECP_R1.0, 256);
const LOOPING: PakeSuite = PakeSuite { alg: Algorithm::wpa3_sae_fixed(Algorithm::SHA_256), primitive: P256 };

fn parties(user: &str, peer: &str) -> PakeParties {
    PakeParties { user: hex(user), peer: hex(peer), ..Default::default() }
}

/// A commitment without the number of the group before it, and what may follow.
fn commitment(frame: &str) -> Vec<u8> {
    hex(frame)[2..98].to_vec()
}

#[test]
fn hunting_and_pecking_of_annex_j_10() {
    let group = groups::of(P256).unwrap();
    let scalar = |digits| group.order().parse(&hex(digits)).unwrap();
    let mut sae = Sae::with_secrets(
        LOOPING,
        parties("4d3f2fffe387", "a5d8aa958e3c"),
        Source::Password(b"mekmitasdigoat"),
        scalar("992465fd3daa3c60aa6565b7f62a2a7f2e12dd12f198faf4fbed89d7ff1ace94"),
        &scalar("9507a90f777a044d6a0830b91ea3d5dd70bece44e1acffb86983b5e1bf9fb322"),
    )
    .unwrap();
    let own = commitment(
        "1300 2e2c0f0db52440ad146d967114ce005ce1eab0aa2c2e5c2871b774f6c2575c65
         d5ad9e00829707aa36ba8b859738fc961d08243505f47c035376d7ac4bc8d7b9
         5083bf43827d0fc31ed778dd3671fd21a46d1091d64b6f9a1e1272621325dbe1",
    );
    assert_eq!(*sae.output(PakeStep::COMMIT).unwrap(), own);
    let peer = commitment(
        "1300 591b96f3397fb945100848e7b550543b6720d88337ee93fc49fd6df7e08b5223
         e71b9bb048d3873f20556953a96c91536fd8ee6ca9b4a68a148b056a909be03e
         83ae208f60f8ef5537858074db06687032399862999b511e0a1552a5fea317c2",
    );
    sae.input(PakeStep::COMMIT, &peer).unwrap();
    sae.input(PakeStep::SALT, &[0; 32]).unwrap();
    assert_eq!(*sae.shared_secret().unwrap(), hex("4e4dfab1a2dd8ac1a91790f953faaa452ae5c6873ab75b63605ba663f8a7fe59"));
    assert_eq!(*sae.output(PakeStep::KEY_ID).unwrap(), hex("8747a600eea3f9f22475df58ca1e5498"));
    note(LOOPING, KeyType::PASSWORD);
}

/// The vector of an earlier edition, which has confirmations; the identifier of the password is behind the password.
#[test]
fn confirmations_of_annex_j_10() {
    let group = groups::of(P256).unwrap();
    let scalar = |digits| group.order().parse(&hex(digits)).unwrap();
    let mut sae = Sae::with_secrets(
        LOOPING,
        parties("827b919dd4b9", "1eec49ea6488"),
        Source::Password(b"mekmitasdigoatpsk4internet"),
        scalar("a906f61e4d3a5d4eb2965ff34cf917dd044445c878c17ca5d5b93786da9f83cf"),
        &scalar("4234b4fb17aa435c52fbfdebe64039b43478200e54ff7b6e07b69cad74153c15"),
    )
    .unwrap();
    let own = commitment(
        "1300 eb3bab1964e4a0ab05925ddf3339519138bc65d6cdc0f813dd6fd4344eb4bfe4
         4b5c21597658f4e3eddfb4b99f25b4d6540f32ff1fd5c530c60a794448610bc6
         de3d92bdbbd47d935980ca6cf8988ab6630be6764c885ceb9793970f695217ee",
    );
    assert_eq!(*sae.output(PakeStep::COMMIT).unwrap(), own);
    let peer = commitment(
        "1300 5564f045b2ea1e566cf1dd741f70d9be35d2df5b9a5502946ee03cf8dae27e1e
         05b8430eb7a99e24877ce69baf3dc580e309633d6b385f83ee1c3ec3591f1a53
         93c06e805ddceb2fde50930dd7cfebb987c6ff9666af164eb5184d8e6662ed6a",
    );
    sae.input(PakeStep::COMMIT, &peer).unwrap();
    sae.input(PakeStep::SALT, &[0; 32]).unwrap();
    sae.input(PakeStep::CONFIRM_COUNT, &[1, 0]).unwrap();
    let own = "0100 12d9d5c78c500526d36c41dbc56aedf2914cedddd7cad4a58c48f83dbde9fc77";
    assert_eq!(*sae.output(PakeStep::CONFIRM).unwrap(), hex(own));
    let peer = hex("0100 02871cf906898b8060ec184143be77b8c08a8019b13eb6d0aef0d8383dfac2fd");
    sae.input(PakeStep::CONFIRM, &peer).unwrap();
    let mut wrong = peer;
    wrong[0] = 2;
    assert_eq!(sae.input(PakeStep::CONFIRM, &wrong), Err(Error::InvalidSignature));
    assert_eq!(*sae.shared_secret().unwrap(), hex("7aead86fba4c3221fc437f5f14d70d854ea5d5aac1690116793081eda4d557c5"));
    assert_eq!(*sae.output(PakeStep::KEY_ID).unwrap(), hex("40a09b6017cebf0072843b5352aa2b4f"));
    note(LOOPING, KeyType::PASSWORD);
}

/// The password element of the vector's password and addresses.
fn element(primitive: PakePrimitive, hash: Algorithm) -> Secret {
    let token = password_token(primitive, hash, b"byteme", b"mekmitasdigoat", b"psk4internet").unwrap();
    let group = groups::of(primitive).unwrap();
    let token =
        if primitive.get_type() == PakePrimitive::TYPE_ECC { password_element::uncompressed(&token) } else { token };
    password_element::from_token(&*group, hash, &token, &hex("000b6bd90246 00095b66ec1e")).unwrap()
}

/// What a password token is for: the element; with it the exchange is that of hunting and pecking.
fn note_token(key_type: KeyType, primitive: PakePrimitive, hash: Algorithm) {
    known_answers::note(Function::KeyDerivation, KeyType::NONE, 0, Algorithm::wpa3_sae_h2e(hash));
    for alg in [Algorithm::wpa3_sae_fixed(hash), Algorithm::wpa3_sae_gdh(hash)] {
        note(PakeSuite { alg, primitive }, key_type);
    }
}

#[test]
fn hash_to_element_of_annex_j_10() {
    let element = element(P256, Algorithm::SHA_256);
    assert_eq!(
        element[1..],
        hex("c93049b9e64000f848201649e999f2b5c22dea69b5632c9df4d633b8aa1f6c1e
             73634e94b53d82e7383a8d258199d9dc1a5ee8269d060382ccbf33e614ff59a0")
    );
    note_token(KeyType::wpa3_sae_ecc(EccFamily::SECP_R1), P256, Algorithm::SHA_256);
}

/// The annex has one group only. These are from integers in Python, which give the annex's element with its group.
#[test]
fn hash_to_element_of_other_groups() {
    let elements = [
        (
            EccFamily::SECP_R1,
            384,
            Algorithm::SHA_384,
            "aeb85bd3dfe654a7940fb328b39db8e0b20ea289465d8b68d184bd8e98e2c419165a31eac7d9091d196ed9066d12c3fb
             f0a27ca78906cab38d3be51601a08127ccf5b68ac5f3854e7efb521eac433030feb681650dc88980efdf542bd4bfaf00",
        ),
        (
            EccFamily::SECP_R1,
            521,
            Algorithm::SHA_512,
            "00d8991b493a965a97f163c3b1197715ea9d2191f31c0f5e8828d729769cfb520ecc9719288aefa5d93287f3083fb837
             a7dff08f19227f5bebe546ea23fc175efa88008f400b544c5c755570fbbf7ba77fac7ab647fe2142cfd44197ddfe0bc2
             10a7222dc8d58de93a49c868929d2c28ae608a87f9035f04035d1ebcd7b849841bb27d85",
        ),
        (
            EccFamily::BRAINPOOL_P_R1,
            256,
            Algorithm::SHA_256,
            "67fd2794961fbf5320e23820a0678952942f3d3df04ffa8d0d0c1a08ce50401f8fdf1b73a8efa572469d8e5f890ebb11
             60a5ceba19d57994856cc23dc12dad1d",
        ),
        (
            EccFamily::BRAINPOOL_P_R1,
            384,
            Algorithm::SHA_384,
            "5f397b30e7e9f5358af6a798cadfd9fc734d862570e19ef159962becef15bac8758672da61b429337a6bde247e750f6a
             2cdcf3748ad238f6617ce7d88919047c0278b7d17abc52b9a29da97529081f75d4a6daa60fc3ff0e295b5048264fb95e",
        ),
        (
            EccFamily::BRAINPOOL_P_R1,
            512,
            Algorithm::SHA_512,
            "792b0f1e4036d3a1423d7be4661078298764b02514d3a60c350f42f6ee4081409da18525f34c402f2dfb9bf26534a0ca
             42a7bfcaa9d9a23c070800418d135c7731b016a6ad9f31e4eb64de7185d921b34604afa4e64f1aba840daec7746dc6b2
             9f6102158e4c5a05cbafe83fd6cbec11ea3ff6c9841873c3ee7708fd39453ab6",
        ),
    ];
    for (family, bits, hash, expected) in elements {
        let primitive = PakePrimitive::new(PakePrimitive::TYPE_ECC, family.0, bits);
        assert_eq!(element(primitive, hash)[1..], hex(expected), "{bits}");
        note_token(KeyType::wpa3_sae_ecc(family), primitive, hash);
    }
    let primitive = PakePrimitive::new(PakePrimitive::TYPE_DH, DhFamily::RFC3526.0, 3072);
    let mut digest = [0; 32];
    Native.hash().compute(Algorithm::SHA_256, &element(primitive, Algorithm::SHA_384), &mut digest).unwrap();
    assert_eq!(digest[..], hex("93b1a33e2b19fcf7b0e0eaee7ff7dcbcdfe6c52cf7cca08af4399d81e82b1795"));
    note_token(KeyType::wpa3_sae_dh(DhFamily::RFC3526), primitive, Algorithm::SHA_384);
}

/// Two stations with the same password, or not.
fn exchange(alg: Algorithm, primitive: PakePrimitive, keys: [Source<'_>; 2]) -> Result<[Secret; 2]> {
    let suite = PakeSuite { alg, primitive };
    let [mut one, mut two] = [
        Sae::new(suite, parties("020000000001", "020000000002"), keys[0])?,
        Sae::new(suite, parties("020000000002", "020000000001"), keys[1])?,
    ];
    two.input(PakeStep::COMMIT, &one.output(PakeStep::COMMIT)?)?;
    one.input(PakeStep::COMMIT, &two.output(PakeStep::COMMIT)?)?;
    let salt = [7; 4];
    one.input(PakeStep::SALT, &salt)?;
    two.input(PakeStep::SALT, &salt)?;
    one.input(PakeStep::CONFIRM_COUNT, &[1, 0])?;
    two.input(PakeStep::CONFIRM, &one.output(PakeStep::CONFIRM)?)?;
    two.input(PakeStep::CONFIRM_COUNT, &[9, 0])?;
    one.input(PakeStep::CONFIRM, &two.output(PakeStep::CONFIRM)?)?;
    assert_eq!(one.output(PakeStep::KEY_ID)?, two.output(PakeStep::KEY_ID)?);
    Ok([one.shared_secret()?, two.shared_secret()?])
}

#[test]
fn stations_agree_in_every_kind_of_group() {
    let curve = |family: EccFamily, bits| PakePrimitive::new(PakePrimitive::TYPE_ECC, family.0, bits);
    let cases = [
        (P256, Algorithm::SHA_256, 32),
        (curve(EccFamily::SECP_R1, 384), Algorithm::SHA_384, 48),
        (curve(EccFamily::SECP_R1, 521), Algorithm::SHA_512, 64),
        (curve(EccFamily::BRAINPOOL_P_R1, 256), Algorithm::SHA_256, 32),
        (curve(EccFamily::BRAINPOOL_P_R1, 512), Algorithm::SHA_512, 64),
        (PakePrimitive::new(PakePrimitive::TYPE_DH, DhFamily::RFC3526.0, 3072), Algorithm::SHA_384, 48),
    ];
    for (primitive, hash, length) in cases {
        let token = |password: &[u8]| password_token(primitive, hash, b"network", password, b"").unwrap();
        let (right, wrong) = (token(b"password"), token(b"Password"));
        for (alg, length) in [(Algorithm::wpa3_sae_gdh(hash), length), (Algorithm::wpa3_sae_fixed(hash), 32)] {
            let [one, two] = exchange(alg, primitive, [Source::Token(&right), Source::Token(&right)]).unwrap();
            assert_eq!((one.len(), &one), (length, &two));
            let failed = exchange(alg, primitive, [Source::Token(&right), Source::Token(&wrong)]);
            assert_eq!(failed, Err(Error::InvalidSignature));
        }
        let looping = LOOPING.alg;
        let password = Source::Password(b"password");
        let [one, two] = exchange(looping, primitive, [password, password]).unwrap();
        assert_eq!((one.len(), &one), (32, &two));
        let failed = exchange(looping, primitive, [password, Source::Password(b"Password")]);
        assert_eq!(failed, Err(Error::InvalidSignature));
    }
}

#[test]
fn commitments_that_are_none_are_refused() {
    let new = || Sae::new(LOOPING, parties("020000000001", "020000000002"), Source::Password(b"password")).unwrap();
    let (mut sae, mut peer) = (new(), new());
    let good = peer.output(PakeStep::COMMIT).unwrap().to_vec();
    let own = sae.output(PakeStep::COMMIT).unwrap().to_vec();
    let with_scalar = |scalar: &str| [hex(scalar), good[32..].to_vec()].concat();
    let mut off_the_curve = good.clone();
    off_the_curve[95] ^= 1;
    let bad = [
        own,
        with_scalar("0000000000000000000000000000000000000000000000000000000000000000"),
        with_scalar("0000000000000000000000000000000000000000000000000000000000000001"),
        with_scalar("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
        off_the_curve,
        good[..95].to_vec(),
        vec![],
    ];
    for commitment in bad {
        assert_eq!(sae.input(PakeStep::COMMIT, &commitment), Err(Error::InvalidArgument));
    }
    sae.input(PakeStep::COMMIT, &good).unwrap();
}

#[test]
fn a_hash_that_is_not_for_the_group_makes_no_token() {
    for hash in [Algorithm::SHA_384, Algorithm::SHA_512, Algorithm::SHA_1] {
        assert_eq!(password_token(P256, hash, b"network", b"password", b""), Err(Error::InvalidArgument));
    }
    assert!(Domain::find(PakePrimitive::new(PakePrimitive::TYPE_ECC, EccFamily::SECP_R1.0, 224)).is_err());
}
