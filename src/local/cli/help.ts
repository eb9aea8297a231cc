// One screen of help.
export const HELP = `Backs up every item of an ArcGIS organisation into Blob Storage on this machine.

  npm run backup                            a sample organisation that comes with the program
  npm run backup -- --profile acme.json     your own organisation
  npm run backup -- --help                  this text

  --profile FILE   Profile (JSON): what to back up, and how to sign in. The password is not in it:
                   the profile names an environment variable (portal.auth.secret) that holds it.
  --state DIR      Where everything lies. Usually .local of the project for the sample,
                   .local/profiles/NAME for a profile.

A backup that was interrupted (Ctrl-C, a crash, a restart) goes on when it is started again.
Ctrl-C ends cleanly; a second Ctrl-C ends at once.

Exit code   0  succeeded: every item is accounted for
            3  partial: some items failed, or were saved with a loss
            1  failed
            2  bad input: nothing was started
          130  interrupted: start again to go on
`;
