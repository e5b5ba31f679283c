//! Attributes of objects that are to be made or found.
//!
//! Not the type of `cryptoki`, which copies every value: key material is only lent here.

use cryptoki_sys::*;

/// Attributes with their values.
#[derive(Clone, Default)]
pub(super) struct Template<'a>(Vec<(CK_ATTRIBUTE_TYPE, Value<'a>)>);

#[derive(Clone)]
enum Value<'a> {
    Flag(CK_BBOOL),
    Number(CK_ULONG),
    Bytes(&'a [u8]),
    Numbers(&'a [CK_ULONG]),
}

impl<'a> Template<'a> {
    /// No attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one that is true or false.
    pub fn flag(mut self, kind: CK_ATTRIBUTE_TYPE, value: bool) -> Self {
        self.0.push((kind, Value::Flag(CK_BBOOL::from(value))));
        self
    }

    /// The same, unless nothing is to be said.
    pub fn flag_if_any(self, kind: CK_ATTRIBUTE_TYPE, value: Option<bool>) -> Self {
        match value {
            Some(value) => self.flag(kind, value),
            None => self,
        }
    }

    /// With a number.
    pub fn number(mut self, kind: CK_ATTRIBUTE_TYPE, value: CK_ULONG) -> Self {
        self.0.push((kind, Value::Number(value)));
        self
    }

    /// With bytes.
    pub fn bytes(mut self, kind: CK_ATTRIBUTE_TYPE, value: &'a [u8]) -> Self {
        self.0.push((kind, Value::Bytes(value)));
        self
    }

    /// With several numbers.
    pub fn numbers(mut self, kind: CK_ATTRIBUTE_TYPE, value: &'a [CK_ULONG]) -> Self {
        self.0.push((kind, Value::Numbers(value)));
        self
    }

    /// With all attributes of another one too.
    pub fn with(mut self, other: &Template<'a>) -> Self {
        self.0.extend_from_slice(&other.0);
        self
    }

    /// As a module takes it. It points into the values, and is for reading only.
    pub fn lend(&self) -> Vec<CK_ATTRIBUTE> {
        let attribute = |(kind, value): &(CK_ATTRIBUTE_TYPE, Value<'_>)| {
            let (pointer, length): (*const u8, usize) = match value {
                Value::Flag(flag) => (flag, size_of::<CK_BBOOL>()),
                Value::Number(number) => ((&raw const *number).cast(), size_of::<CK_ULONG>()),
                Value::Bytes(bytes) => (bytes.as_ptr(), bytes.len()),
                Value::Numbers(numbers) => (numbers.as_ptr().cast(), size_of_val(*numbers)),
            };
            CK_ATTRIBUTE { type_: *kind, pValue: pointer.cast_mut().cast(), ulValueLen: length as CK_ULONG }
        };
        self.0.iter().map(attribute).collect()
    }
}
