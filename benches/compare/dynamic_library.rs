//! Shared libraries that are loaded as a program would have them: by name, while it runs.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_void};

/// A loaded library; it stays loaded.
pub struct DynamicLibrary {
    handle: *mut c_void,
    name: String,
}

impl DynamicLibrary {
    /// Loads a library by path or name. What it is must be right: its initialization runs now.
    pub fn open(name: &str) -> Result<Self, String> {
        let path = CString::new(name).map_err(|error| error.to_string())?;
        // SAFETY: the path is NUL-terminated; the libraries that are compared may be loaded into any process.
        let handle = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        if handle.is_null() {
            // SAFETY: dlerror after a failure returns a NUL-terminated text that lives until the next call.
            return Err(unsafe { CStr::from_ptr(libc::dlerror()) }.to_string_lossy().into_owned());
        }
        Ok(Self { handle, name: name.into() })
    }

    /// The address of a symbol, never null.
    pub fn symbol(&self, symbol: &str) -> Result<*mut c_void, String> {
        let name = CString::new(symbol).map_err(|error| error.to_string())?;
        // SAFETY: the handle is open and the name NUL-terminated.
        let address = unsafe { libc::dlsym(self.handle, name.as_ptr()) };
        if address.is_null() { Err(format!("{} has no {symbol}", self.name)) } else { Ok(address) }
    }
}

/// Declares a structure with one pointer for each function of a library, and `load` to fill it.
#[macro_export]
macro_rules! dynamic_functions {
    ($(#[$meta:meta])* $structure:ident, $prefix:literal, { $(fn $function:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?;)+ }) => {
        $(#[$meta])*
        #[allow(non_snake_case)]
        pub struct $structure {
            $(pub $function: unsafe extern "C" fn($($type),*) $(-> $result)?,)+
        }

        impl $structure {
            /// Finds all functions.
            ///
            /// # Safety
            ///
            /// The functions of the library have these types.
            pub unsafe fn load(library: &$crate::dynamic_library::DynamicLibrary) -> Result<Self, String> {
                Ok(Self {
                    $($function: {
                        let address = library.symbol(concat!($prefix, stringify!($function)))?;
                        // SAFETY: the address of a function, whose type is right by the contract.
                        unsafe {
                            std::mem::transmute::<*mut std::ffi::c_void, unsafe extern "C" fn($($type),*) $(-> $result)?>(address)
                        }
                    },)+
                })
            }
        }
    };
}
