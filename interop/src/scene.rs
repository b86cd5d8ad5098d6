//! What every process of a run shares: the authority they trust, and a folder that is gone afterwards.

use std::path::{Path, PathBuf};

use crate::ca::Authority;
use crate::trouble::Trouble;

/// The shared ground of a run.
pub(crate) struct Scene {
    authority: Authority,
    folder: PathBuf,
}

impl Scene {
    /// A new authority, its certificate in a new folder.
    pub(crate) fn new() -> Result<Self, Trouble> {
        let folder = std::env::temp_dir().join(format!("interop-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(Trouble::during("making a folder for the run"))?;
        let scene = Self { authority: Authority::new()?, folder };
        std::fs::write(scene.certificate(), scene.authority.pem())
            .map_err(Trouble::during("writing the certificate of the run"))?;
        Ok(scene)
    }

    /// Who signs the certificates of this run.
    pub(crate) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The file with the authority's certificate, in PEM.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The folder that is removed when the run ends.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        // What stays behind lies in the system's temporary folder: not worth failing a run for.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
