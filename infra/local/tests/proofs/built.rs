//! The programs of the functions, built as this test is built and found beside it.
//!
//! They are built once a run, also where older ones lie there: what is proved is the code as it stands.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The program of a function.
pub(crate) fn program(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let program = FOLDER.get_or_init(build).join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "{} was not built", program.display());
    program
}

/// Builds every program into the folder this test was built into; the answer is that folder.
fn build() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().and_then(Path::parent).unwrap();
    // The folder of the profile `dev` has another name than the profile.
    let profile = folder.file_name().and_then(|name| name.to_str()).map_or("dev", |name| if name == "debug" { "dev" } else { name });
    let mut command = Command::new(cargo());
    command.args(["build", "--quiet", "--offline", "--workspace", "--bins", "--profile", profile]).arg("--target-dir").arg(folder.parent().unwrap());
    assert!(command.current_dir(crate::root()).status().unwrap().success(), "the programs cannot be built");
    folder.to_owned()
}

/// The cargo that runs this test.
pub(crate) fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
