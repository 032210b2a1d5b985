//! `folkmoot doctor`: whether an installation is well, said line by line; it changes nothing but what a start would.

use anyhow::Context;
use clap::Args;

use crate::install::Install;
use crate::register::Register;

#[derive(Args)]
pub struct Doctor {
    #[command(flatten)]
    install: Install,

    #[command(flatten)]
    register: Register,
}

impl Doctor {
    pub async fn run(self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        service.ready().await?;
        println!("The database answers.");
        let service = self.register.open(service, &self.install, None).await?;
        for key in service.register_keys()? {
            println!("The register is signed by {key}, and the secret opens that key.");
        }
        let found = service.inspect_register().await.context("the register is not well")?;
        if found.size == found.known {
            println!("The register has {} leaves: checkpoint, files and database agree.", found.size);
        } else {
            println!(
                "The register has {} leaves; the files of this node have {} of them, which agree, and get the others when the server runs.",
                found.known, found.size
            );
        }
        println!("Leaves that wait for their batch: {}.", found.waiting);
        for (witness, seen) in &found.witnesses {
            println!(
                "Witness {witness}: {}.",
                if *seen { "has cosigned the newest checkpoint" } else { "HAS NOT COSIGNED" }
            );
        }
        if found.witnesses.is_empty() {
            println!(
                "No witness is asked: nobody would notice if old copies of database and files were restored together."
            );
        }
        service.close().await;
        anyhow::ensure!(
            found.size > 0 || found.known == 0,
            "this node has no files of the register: the server writes them anew when it runs here"
        );
        let silent = found.witnesses.iter().filter(|(_, seen)| !seen).count();
        anyhow::ensure!(
            silent == 0,
            "{silent} witnesses have not cosigned: do they run, and do they know the key of the register?"
        );
        Ok(())
    }
}
