//! J-PAKE: a recorded exchange of another implementation, and both sides of our own.

use super::super::jpake::Jpake;
use super::*;
use crate::psa::DhFamily;

const STEPS: [PakeStep; 3] = [PakeStep::KEY_SHARE, PakeStep::ZK_PUBLIC, PakeStep::ZK_PROOF];

fn side(primitive: PakePrimitive, user: &str, peer: &str, password: &[u8]) -> Jpake {
    let suite = PakeSuite { alg: Algorithm::jpake(Algorithm::SHA_256), primitive };
    let parties = PakeParties { user: user.into(), peer: peer.into(), ..Default::default() };
    Jpake::new(suite, parties, password).unwrap()
}

/// Gives `shares` key shares with their proofs from one side to the other.
fn pass(from: &mut Jpake, to: &mut Jpake, shares: usize) -> Result<()> {
    for step in STEPS.iter().cycle().take(3 * shares) {
        to.input(*step, &from.output(*step).unwrap())?;
    }
    Ok(())
}

fn exchange(alice: &mut Jpake, bob: &mut Jpake) -> Result<()> {
    pass(alice, bob, 2)?;
    pass(bob, alice, 2)?;
    pass(bob, alice, 1)?;
    pass(alice, bob, 1)
}

const P256: PakePrimitive = PakePrimitive::new(PakePrimitive::TYPE_ECC, EccFamily::SECP_R1.0, 256);

#[test]
fn both_sides_agree_in_every_kind_of_group() {
    let curve = |family: EccFamily, bits| PakePrimitive::new(PakePrimitive::TYPE_ECC, family.0, bits);
    let field = |family: DhFamily, bits| PakePrimitive::new(PakePrimitive::TYPE_DH, family.0, bits);
    let primitives = [
        P256,
        curve(EccFamily::SECP_R1, 521),
        curve(EccFamily::SECP_K1, 256),
        curve(EccFamily::BRAINPOOL_P_R1, 320),
        curve(EccFamily::TWISTED_EDWARDS, 255),
        curve(EccFamily::TWISTED_EDWARDS, 448),
        field(DhFamily::RFC7919, 2048),
        field(DhFamily::RFC3526, 2048),
    ];
    for primitive in primitives {
        let (mut alice, mut bob) =
            (side(primitive, "alice", "bob", b"secret"), side(primitive, "bob", "alice", b"secret"));
        exchange(&mut alice, &mut bob).unwrap();
        let secret = alice.shared_secret().unwrap();
        assert_eq!(secret, bob.shared_secret().unwrap());
        assert_eq!(
            secret.len(),
            crate::psa::sizes::pake_output_size(Algorithm::jpake(Algorithm::SHA_256), primitive, PakeStep::KEY_SHARE)
        );
    }
}

#[test]
fn different_passwords_lead_to_different_secrets() {
    let (mut alice, mut bob) = (side(P256, "alice", "bob", b"secret"), side(P256, "bob", "alice", b"Secret"));
    exchange(&mut alice, &mut bob).unwrap();
    assert_ne!(alice.shared_secret().unwrap(), bob.shared_secret().unwrap());
}

#[test]
fn a_wrong_name_and_a_wrong_proof_are_found() {
    let (mut alice, mut bob) = (side(P256, "alice", "bob", b"secret"), side(P256, "bob", "eve", b"secret"));
    assert_eq!(pass(&mut alice, &mut bob, 1), Err(Error::InvalidSignature));

    let (mut alice, mut bob) = (side(P256, "alice", "bob", b"secret"), side(P256, "bob", "alice", b"secret"));
    for step in &STEPS[..2] {
        bob.input(*step, &alice.output(*step).unwrap()).unwrap();
    }
    let mut proof = alice.output(PakeStep::ZK_PROOF).unwrap();
    *proof.last_mut().unwrap() ^= 1;
    assert_eq!(bob.input(PakeStep::ZK_PROOF, &proof), Err(Error::InvalidSignature));
}

#[test]
fn what_is_not_in_the_group_is_refused() {
    let mut bob = side(P256, "bob", "alice", b"secret");
    for share in [&[][..], &[0], &[4; 65], &[4; 64]] {
        assert_eq!(bob.input(PakeStep::KEY_SHARE, share), Err(Error::InvalidArgument));
    }
    // 1, p - 1 and a number that is no square are not in the group of squares.
    let primitive = PakePrimitive::new(PakePrimitive::TYPE_DH, DhFamily::RFC7919.0, 2048);
    let mut bob = side(primitive, "bob", "alice", b"secret");
    let mut numbers = [vec![0; 256], vec![0; 256], vec![0xff; 256]];
    numbers[1][255] = 1;
    // 11 is no square modulo this prime (its square root does not exist: checked with another program).
    let mut eleven = vec![0; 256];
    eleven[255] = 11;
    for share in numbers.iter().chain([&eleven]) {
        assert_eq!(bob.input(PakeStep::KEY_SHARE, share), Err(Error::InvalidArgument));
    }
}

#[test]
fn a_password_that_is_a_multiple_of_the_order_is_refused() {
    let suite = PakeSuite { alg: Algorithm::jpake(Algorithm::SHA_256), primitive: P256 };
    let order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    let result = Jpake::new(suite, PakeParties::default(), &order);
    assert_eq!(result.err(), Some(Error::InvalidArgument));
}

/// A recorded exchange of TLS (draft-cragie-tls-ecjpake-01): the secrets of both sides, what they sent, each piece behind
/// its length of one byte, and the point that they share. It is the one that Mbed TLS tests itself with.
mod recorded {
    pub(super) const X1: &str = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f21";
    pub(super) const X2: &str = "6162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f81";
    pub(super) const X3: &str = "6162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f81";
    pub(super) const X4: &str = "c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe1";
    pub(super) const CLIENT_ONE: &str = "4104accf0106ef858fa2d919331346805a78b58bbad0b844e5c7892879146187dd2666ada781bb7f111372251a8910621f63\
        4df128ac48e381fd6ef9060731f694a441041dd0bd5d4566c9bed9ce7de701b5e82e08e84b730466018ab903c79eb9821722\
        36c0c1728ae4bf73610d34de44246ef3d9c05a2236fb66a6583d7449308babce2072fe16662992e9235c25002f11b15087b8\
        2738e03c945bf7a2995dda1e98345841047ea6e3a4487037a9e0dbd79262b2cc273e779930fc18409ac5361c5fe669d702e1\
        47790aeb4ce7fd6575ab0f6c7fd1c335939aa863ba37ec91b7e32bb013bb2b4104a49558d32ed1ebfc1816af4ff09b55fcb4\
        ca47b2a02d1e7caf1179ea3fe1395b22b861964016fabaf72c975695d93d4df0e5197fe9f040634ed59764937787be20bc4d\
        eebbf9b8d60a335f046ca3aa941e45864c7cadef9cf75b3d8b010e443ef0";
    pub(super) const SERVER_ONE: &str = "41047ea6e3a4487037a9e0dbd79262b2cc273e779930fc18409ac5361c5fe669d702e147790aeb4ce7fd6575ab0f6c7fd1c3\
        35939aa863ba37ec91b7e32bb013bb2b410409f85b3d20ebd7885ce464c08d056d6428fe4dd9287aa365f131f4360ff386d8\
        46898bc4b41583c2a5197f65d78742746c12a5ec0a4ffe2f270a750a1d8fb51620934d74eb43e54df424fd96306c0117bf13\
        1afabf90a9d33d1198d905193735144104190a07700ffa4be6ae1d79ee0f06aeb544cd5addaabedf70f8623321332c54f355\
        f0fbfec783ed359e5d0bf7377a0fc4ea7ace473c9c112b41ccd41ac56a56124104360a1cea33fce641156458e0a4eac219e9\
        6831e6aebc88b3f3752f93a0281d1bf1fb106051db9694a8d6e862a5ef1324a3d9e27894f1ee4f7c59199965a8dd4a209184\
        7d2d22df3ee55faa2a3fb33fd2d1e055a07a7c61ecfb8d80ec00c2c9eb12";
    pub(super) const CLIENT_TWO: &str = "410469d54ee85e90ce3f1246742de507e939e81d1dc1c5cb988b58c310c9fdd9524d93720b45541c83ee8841191da7ced86e\
        3312d43623c1d63e74989aba4affd1ee4104077e8c31e20e6bedb760c13593e69f15be85c27d68cd09ccb8c4183608917c5c\
        3d409fac39fefee82f7292d36f0d23e055913f45a52b85dd8a2052e9e129bb4d200f011f19483535a6e89a580c9b0003baf2\
        1462ece91a82cc38dbdcae60d9c54c";
    pub(super) const SERVER_TWO: &str = "03001741040fb22b1d5d1123e0ef9feb9d8a2e590a1f4d7ced2c2b06586e8f2a16d4eb2fda4328a20b07d8fd667654ca18c5\
        4e32a333a0845451e926ee8804fd7af0aaa7a641045516ea3e54a0d5d8b2ce786b38d383370029a5dbe4459c9dd601b408a2\
        4ae6465c8ac905b9eb03b5d3691c139ef83f1cd4200f6c9cd4ec392218a59ed243d3c820ff724a9a70b88cb86f20b434c686\
        5aa1cd7906dd7c9bce3525f508276f26836c";
    pub(super) const SHARED: &str = "0401abe9f2c73a9914cb1f80fb9ddb7e0012a89c2f392779f964401475eac13128438fe11241d6c1e55f7b808894c9c027a3\
        3441f5cba1fe6cc7e61217c3de27b4";
}

/// Feeds a recorded message to a side, skipping what TLS puts before it.
fn feed(side: &mut Jpake, message: &str, skipped: usize, shares: usize) {
    let message = hex(message);
    let mut rest = &message[skipped..];
    for step in STEPS.iter().cycle().take(3 * shares) {
        let (length, after) = rest.split_first().unwrap();
        let (piece, after) = after.split_at(usize::from(*length));
        side.input(*step, piece).unwrap();
        rest = after;
    }
    assert!(rest.is_empty());
}

/// The first piece of a recorded message.
fn first_piece(message: &str, skipped: usize) -> Vec<u8> {
    let message = hex(message);
    message[skipped + 1..skipped + 1 + usize::from(message[skipped])].to_vec()
}

/// The curve that TLS names before the server's second message.
const CURVE: usize = 3;

#[test]
fn a_recorded_exchange() {
    use recorded::*;
    let sides = [
        ("client", "server", [X1, X2], CLIENT_ONE, (CLIENT_TWO, 0), SERVER_ONE, (SERVER_TWO, CURVE)),
        ("server", "client", [X3, X4], SERVER_ONE, (SERVER_TWO, CURVE), CLIENT_ONE, (CLIENT_TWO, 0)),
    ];
    for (user, peer, secrets, own_one, own_two, peer_one, peer_two) in sides {
        let mut side = side(P256, user, peer, b"threadjpaketest");
        for secret in secrets {
            side.share_of(&hex(secret)).unwrap();
        }
        assert_eq!(**side.share(0), first_piece(own_one, 0));
        feed(&mut side, peer_one, 0, 2);
        assert_eq!(*side.output(PakeStep::KEY_SHARE).unwrap(), first_piece(own_two.0, own_two.1));
        feed(&mut side, peer_two.0, peer_two.1, 1);
        assert_eq!(*side.shared_secret().unwrap(), hex(SHARED));
        note(PakeSuite { alg: Algorithm::jpake(Algorithm::SHA_256), primitive: P256 }, KeyType::PASSWORD);
    }
}
