//! Texts of files that people name on the command line: read whole, or told why not and what to do.

use std::{fs, io::ErrorKind, path::Path};

use crate::Failure;

/// The text of a file, without the mark that editors of one system begin it with.
pub(crate) fn read(file: &Path) -> Result<String, Failure> {
    let no = |reason: &str, hint: &str| Err(Failure::Usage(format!("{} cannot be read: {reason}\n    {hint}", file.display())));
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(_) if file.is_dir() => return no("it is a folder", "name a file in it"),
        Err(error) if error.kind() == ErrorKind::NotFound => return no("there is no such file", &near(file)),
        Err(error) => return no(&error.to_string(), "name a file that you may read"),
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return no("it is in UTF-16", "save it in UTF-8");
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
            no(&format!("it is not in UTF-8 (line {line}, byte {})", at + 1), "save it in UTF-8; what is packed or encrypted is no text")
        }
    }
}

/// What is there instead of a file that is not.
fn near(file: &Path) -> String {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let Ok(entries) = fs::read_dir(folder) else { return format!("there is no folder {} either: paths begin where you are", folder.display()) };
    let names: Vec<String> = entries.take(1_000).flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let near = connector::nearest(&name, names.iter().map(String::as_str));
    near.map_or_else(|| "paths begin where you are".to_owned(), |near| format!("did you mean `{}`?", file.with_file_name(near).display()))
}
