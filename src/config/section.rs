//! One table of `parsec.toml`, read key by key, so that every mistake is told with file, line and what to do.

use std::fmt;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::cause;
use crate::psa::{Error, Result};

/// The text of a configuration and the name of its file.
pub struct Document<'a> {
    /// File, for messages.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a str,
}

impl Document<'_> {
    /// "file:line" of a byte of the text.
    pub fn place(&self, offset: usize) -> String {
        let before = self.text.as_bytes().get(..offset).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        format!("{}:{line}", self.path.display())
    }

    /// A mistake at a byte of the text.
    pub fn mistake(&self, error: Error, offset: usize, text: fmt::Arguments<'_>) -> Error {
        cause::of(error, format_args!("{}: {text}", self.place(offset)))
    }
}

/// A table that remembers which keys were asked for; the others are unknown.
pub struct Section<'a> {
    document: &'a Document<'a>,
    name: String,
    offset: usize,
    table: &'a DeTable<'a>,
    known: Vec<&'static str>,
}

/// A value and where it stands.
pub struct Found<T> {
    /// The value.
    pub value: T,
    /// The byte of the text where it begins.
    pub offset: usize,
}

impl<'a> Section<'a> {
    /// The table `[name]`, or the top level where the name is empty.
    pub fn new(document: &'a Document<'a>, name: String, offset: usize, table: &'a DeTable<'a>) -> Self {
        Self { document, name, offset, table, known: Vec::new() }
    }

    /// "file:line" of the table.
    pub fn place(&self) -> String {
        self.document.place(self.offset)
    }

    /// A mistake of the table as a whole, `DATA_INVALID`.
    pub fn mistake(&self, text: fmt::Arguments<'_>) -> Error {
        self.mistake_at(self.offset, text)
    }

    /// A mistake at a value, `DATA_INVALID`.
    pub fn mistake_at(&self, offset: usize, text: fmt::Arguments<'_>) -> Error {
        self.document.mistake(Error::DataInvalid, offset, text)
    }

    /// What this version or this build cannot do with the table, `NOT_SUPPORTED`.
    pub fn not_supported(&self, text: &str) -> Error {
        self.not_supported_at(self.offset, text)
    }

    /// What this version or this build cannot do with a value, `NOT_SUPPORTED`.
    pub fn not_supported_at(&self, offset: usize, text: &str) -> Error {
        self.document.mistake(Error::NotSupported, offset, format_args!("{}: {text}", self.title()))
    }

    /// How messages call the table.
    pub fn title(&self) -> String {
        if self.name.is_empty() { "the top level".to_owned() } else { format!("[{}]", self.name) }
    }

    fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.push(key);
        self.table.get(key)
    }

    fn typed<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        convert: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Result<Option<Found<T>>> {
        let Some(spanned) = self.value(key) else { return Ok(None) };
        let offset = spanned.span().start;
        match convert(spanned.get_ref()) {
            Some(value) => Ok(Some(Found { value, offset })),
            // Not the value itself: it may be a PIN.
            None => {
                let found = spanned.get_ref().type_str();
                Err(self
                    .mistake_at(offset, format_args!("'{key}' in {} must be {expected}, not {found}", self.title())))
            }
        }
    }

    /// True where the value is there and a table.
    pub fn is_table(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| value.get_ref().as_table().is_some())
    }

    /// A string that is not empty.
    pub fn text(&mut self, key: &'static str) -> Result<Option<Found<&'a str>>> {
        let found = self.typed(key, "a string", DeValue::as_str)?;
        match found {
            Some(Found { value: "", offset }) => {
                Err(self.mistake_at(offset, format_args!("'{key}' in {} is empty", self.title())))
            }
            found => Ok(found),
        }
    }

    /// A path, which must be absolute: a library does not know its program's working directory.
    pub fn absolute_path(&mut self, key: &'static str) -> Result<Option<PathBuf>> {
        let Some(found) = self.text(key)? else { return Ok(None) };
        let path = PathBuf::from(found.value);
        if path.is_absolute() {
            return Ok(Some(path));
        }
        let title = self.title();
        Err(self.mistake_at(
            found.offset,
            format_args!("'{key}' in {title} must be an absolute path, not '{}'", path.display()),
        ))
    }

    /// What must not be left out.
    pub fn required<T>(&self, key: &str, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| self.mistake(format_args!("'{key}' is missing in {}", self.title())))
    }

    /// An integer within bounds, both included.
    pub fn integer(&mut self, key: &'static str, low: u32, high: u32) -> Result<Option<Found<u32>>> {
        let expected = format!("an integer from {low} to {high} ({low:#x} to {high:#x})");
        let Some(found) = self.typed(key, &expected, DeValue::as_integer)? else { return Ok(None) };
        match u32::from_str_radix(found.value.as_str(), found.value.radix()) {
            Ok(value) if (low..=high).contains(&value) => Ok(Some(Found { value, offset: found.offset })),
            _ => Err(self.mistake_at(found.offset, format_args!("'{key}' in {} must be {expected}", self.title()))),
        }
    }

    /// One of several words. Those of `later` are specified but not yet implemented: `NOT_SUPPORTED`.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        later: &[&str],
    ) -> Result<Option<Found<T>>> {
        let Some(Found { value: word, offset }) = self.text(key)? else { return Ok(None) };
        if let Some((_, value)) = choices.iter().find(|(choice, _)| *choice == word) {
            return Ok(Some(Found { value: *value, offset }));
        }
        if later.contains(&word) {
            return Err(self.not_supported_at(offset, &format!("{key} = \"{word}\" is not supported yet")));
        }
        Err(self.unknown_word(key, word, offset, choices))
    }

    /// True or false.
    pub fn boolean(&mut self, key: &'static str) -> Result<Option<bool>> {
        Ok(self.typed(key, "true or false", DeValue::as_bool)?.map(|found| found.value))
    }

    /// A list of words out of several.
    pub fn choices<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Result<Vec<T>> {
        let Some(Found { value: list, .. }) = self.typed(key, "a list of words", DeValue::as_array)? else {
            return Ok(Vec::new());
        };
        let chosen = list.iter().map(|entry| {
            let word = entry.get_ref().as_str().unwrap_or_default();
            match choices.iter().find(|(choice, _)| *choice == word) {
                Some((_, value)) => Ok(*value),
                None => Err(self.unknown_word(key, word, entry.span().start, choices)),
            }
        });
        chosen.collect()
    }

    #[cold]
    fn unknown_word<T>(&self, key: &str, word: &str, offset: usize, choices: &[(&str, T)]) -> Error {
        let words: Vec<String> = choices.iter().map(|(choice, _)| format!("'{choice}'")).collect();
        let (title, words) = (self.title(), words.join(", "));
        self.mistake_at(offset, format_args!("unknown value '{word}' for '{key}' in {title}; allowed: {words}"))
    }

    /// The tables of `[[key]]`.
    pub fn tables(&mut self, key: &'static str) -> Result<Vec<Section<'a>>> {
        let expected = format!("a list of tables: [[{key}]]");
        let Some(found) = self.typed(key, &expected, DeValue::as_array)? else { return Ok(Vec::new()) };
        let tables = found.value.iter().map(|entry| match entry.get_ref().as_table() {
            Some(table) => Ok(self.below(&format!("[{key}]"), entry.span().start, table)),
            None => Err(self.mistake_at(entry.span().start, format_args!("'{key}' must be {expected}"))),
        });
        tables.collect()
    }

    /// A table below this one.
    pub fn section(&mut self, key: &'static str) -> Result<Option<Section<'a>>> {
        self.section_like(key, "a table")
    }

    /// [`Section::section`], described as `expected` to who wrote something else.
    pub fn section_like(&mut self, key: &'static str, expected: &str) -> Result<Option<Section<'a>>> {
        let found = self.typed(key, expected, DeValue::as_table)?;
        Ok(found.map(|found| self.below(key, found.offset, found.value)))
    }

    /// All entries of this table, each a table of its own.
    pub fn sections(&mut self) -> Result<Vec<(&'a str, Section<'a>)>> {
        let mut sections = Vec::new();
        for (key, value) in self.table {
            let offset = key.span().start;
            let Some(table) = value.get_ref().as_table() else {
                return Err(self.mistake_at(
                    offset,
                    format_args!("'{0}' in {1} must be a table: [{2}.{0}]", key.get_ref(), self.title(), self.name),
                ));
            };
            sections.push((key.get_ref().as_ref(), self.below(key.get_ref(), offset, table)));
        }
        sections.sort_by_key(|(_, section)| section.offset);
        Ok(sections)
    }

    fn below(&self, key: &str, offset: usize, table: &'a DeTable<'a>) -> Section<'a> {
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        Section::new(self.document, name, offset, table)
    }

    /// Refuses what was never asked for.
    pub fn finish(&self) -> Result<()> {
        let unknown = self.table.iter().filter(|(key, _)| !self.known.contains(&key.get_ref().as_ref()));
        let Some((key, _)) = unknown.min_by_key(|(key, _)| key.span().start) else { return Ok(()) };
        let (title, allowed) = (self.title(), self.known.join(", "));
        Err(self.mistake_at(
            key.span().start,
            format_args!("unknown key '{}' in {title}; allowed: {allowed}", key.get_ref()),
        ))
    }
}
