//! Calls in any order against a model of the specification's states.

use proptest::prelude::*;

use super::*;

/// A call on an operation.
#[derive(Clone, Copy, Debug)]
enum Call {
    EncryptSetup,
    DecryptSetup,
    SetLengths(usize, usize),
    GenerateNonce,
    SetNonce,
    UpdateAd(usize),
    Update(usize),
    Finish,
    /// With a tag that is certainly wrong: of no length.
    Verify,
    Abort,
}

/// An operation as the specification describes it (PSA 1.5, sections 3.3.2 and 10.6.3); `None` is inactive.
#[derive(Clone, Copy)]
struct Model {
    direction: Direction,
    announced: Option<(usize, usize)>,
    has_nonce: bool,
    ad: usize,
    /// `None` until `psa_aead_update` was called.
    text: Option<usize>,
    failed: bool,
}

impl Model {
    const fn new(direction: Direction) -> Self {
        Self { direction, announced: None, has_nonce: false, ad: 0, text: None, failed: false }
    }

    /// What a call on an active operation answers, and its state afterwards.
    fn step(&mut self, call: Call, is_ccm: bool) -> Result<()> {
        let encrypts = self.direction == Direction::Encrypt;
        match call {
            Call::SetLengths(ad, text) if !self.has_nonce && self.announced.is_none() => {
                self.announced = Some((ad, text));
            }
            Call::GenerateNonce | Call::SetNonce
                if !self.has_nonce
                    && (self.announced.is_some() || !is_ccm)
                    && (encrypts || matches!(call, Call::SetNonce)) =>
            {
                self.has_nonce = true;
            }
            Call::UpdateAd(length) if self.has_nonce && self.text.is_none() => {
                self.ad += length;
                if self.announced.is_some_and(|(ad, _)| self.ad > ad) {
                    return Err(Error::InvalidArgument);
                }
            }
            Call::Update(length) if self.has_nonce => {
                let text = self.text.unwrap_or(0) + length;
                self.text = Some(text);
                if self.announced.is_some_and(|announced| announced.0 != self.ad || text > announced.1) {
                    return Err(Error::InvalidArgument);
                }
            }
            Call::Finish | Call::Verify if self.has_nonce && encrypts == matches!(call, Call::Finish) => {
                if self.announced.is_some_and(|announced| announced != (self.ad, self.text.unwrap_or(0))) {
                    return Err(Error::InvalidArgument);
                }
                if !encrypts {
                    return Err(Error::InvalidSignature);
                }
            }
            _ => return Err(Error::BadState),
        }
        Ok(())
    }
}

/// What a call answers, and the state that it leaves.
fn after(model: Option<Model>, call: Call, is_ccm: bool) -> (Result<()>, Option<Model>) {
    let failed = Some(Model { failed: true, ..Model::new(Direction::Encrypt) });
    match (call, model) {
        (Call::Abort, _) => (Ok(()), None),
        (Call::EncryptSetup, None) => (Ok(()), Some(Model::new(Direction::Encrypt))),
        (Call::DecryptSetup, None) => (Ok(()), Some(Model::new(Direction::Decrypt))),
        (_, None) => (Err(Error::BadState), None),
        (_, Some(model)) if model.failed => (Err(Error::BadState), failed),
        (_, Some(mut model)) => match model.step(call, is_ccm) {
            Err(error) => (Err(error), failed),
            Ok(()) if matches!(call, Call::Finish) => (Ok(()), None),
            Ok(()) => (Ok(()), Some(model)),
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn calls_in_any_order_answer_what_the_model_says(
        is_ccm: bool,
        calls in prop::collection::vec(
            prop_oneof![
                3 => Just(Call::EncryptSetup),
                2 => Just(Call::DecryptSetup),
                4 => (0..4usize, 0..4usize).prop_map(|(ad, text)| Call::SetLengths(ad, text)),
                2 => Just(Call::GenerateNonce),
                4 => Just(Call::SetNonce),
                3 => (0..4usize).prop_map(Call::UpdateAd),
                3 => (0..4usize).prop_map(Call::Update),
                2 => Just(Call::Finish),
                1 => Just(Call::Verify),
                1 => Just(Call::Abort),
            ],
            1..24,
        )
    ) {
        let (library, _directory) = library();
        let alg = if is_ccm { Algorithm::CCM } else { Algorithm::GCM };
        let key = aes(&library, alg);
        let (mut handle, mut model): (Handle, Option<Model>) = (0, None);
        for (index, call) in calls.into_iter().enumerate() {
            // Not too long in the error state.
            let call = if index % 2 == 0 && model.is_some_and(|model| model.failed) { Call::Abort } else { call };
            let result = match call {
                Call::EncryptSetup => encrypt_setup(&library, &mut handle, key, alg),
                Call::DecryptSetup => decrypt_setup(&library, &mut handle, key, alg),
                Call::SetLengths(ad, text) => set_lengths(&library, &mut handle, ad, text),
                Call::GenerateNonce => generate_nonce(&library, &mut handle, &mut [0; 13]).map(|_| ()),
                Call::SetNonce => set_nonce(&library, &mut handle, &[0; 12]),
                Call::UpdateAd(length) => update_ad(&library, &mut handle, &vec![0; length]),
                Call::Update(length) => {
                    one_call(|data| update(&library, &mut handle, data), &vec![0; length], length).0.map(|_| ())
                }
                Call::Finish => finish(&library, &mut handle, &mut [0; 16]).map(|_| ()),
                Call::Verify => verify(&library, &mut handle, &[]),
                Call::Abort => {
                    library.operations.abort(handle);
                    handle = 0;
                    Ok(())
                }
            };
            let (expected, next) = after(model, call, is_ccm);
            prop_assert_eq!(result, expected);
            model = next;
        }
    }
}
