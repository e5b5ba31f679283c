//! State that is prepared once, for the parameter that a key is first used with.

use super::made_once::MadeOnce;
use crate::psa::Result;

/// The state for one parameter (a hash, a tag length). A key has one permitted algorithm, so nearly always there is
/// one parameter in its life; another one is served too, but prepared for each use. Reading takes no lock.
pub(super) struct FirstUse<P, T>(MadeOnce<(P, T)>);

impl<P: PartialEq, T> FirstUse<P, T> {
    /// Nothing is prepared yet.
    pub(super) const fn new() -> Self {
        Self(MadeOnce::new())
    }

    /// The state, if it is that for `parameter`.
    #[inline]
    pub(super) fn get(&self, parameter: P) -> Option<&T> {
        self.0.get().and_then(|(first, state)| (*first == parameter).then_some(state))
    }

    /// Works with the state for `parameter`, made by `make` where it is not there.
    pub(super) fn with<R>(
        &self,
        parameter: P,
        make: impl Fn() -> Result<T>,
        work: impl FnOnce(&T) -> Result<R>,
    ) -> Result<R> {
        match self.0.get() {
            Some((first, state)) if *first == parameter => work(state),
            Some(_) => work(&make()?),
            None => {
                let state = make()?;
                // Another thread may have been faster, with the same parameter or another one.
                match self.0.insert((parameter, state)) {
                    Ok((_, state)) => work(state),
                    Err((_, (_, state))) => work(&state),
                }
            }
        }
    }
}
