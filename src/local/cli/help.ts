// One screen of help for each command.
const EXIT_CODES = `Exit code   0  succeeded: every item is accounted for
            3  partial: some items failed, or were saved with a loss
            1  failed, or canceled by somebody else
            2  bad input: nothing was started
          130  interrupted by Ctrl-C
`;

export const BACKUP_HELP = `Backs up every item of an ArcGIS organisation into Blob Storage on this machine.

  npm run backup                            a sample organisation that comes with the program
  npm run backup -- --trouble               a sample in which things go wrong: what failures look like
  npm run backup -- --enterprise            a sample that is an ArcGIS Enterprise
  npm run backup -- --profile acme.json     your own organisation

  --profile FILE   Profile (JSON): what to back up, and how to sign in. The password is not in it:
                   the profile names an environment variable (portal.auth.secret) that holds it.
  --dry-run        Shows what a run would do with each item, and why. Saves nothing.
  --out DIR        Then lays the backup out as ordinary files in DIR (new or empty), each checked.
  --state DIR      Where everything lies. Usually .local of the project for the sample,
                   .local/profiles/NAME for a profile.

See also: npm run runs -- --help, npm run get -- --help, npm start -- --help

Ctrl-C cancels the run: it ends in order, with a report of what was saved until then.
A second Ctrl-C ends at once. A run that was cut off so, or by a crash or a restart of the machine,
goes on when the same command is started again.

${EXIT_CODES}`;

const PLACE = `  --profile FILE   The profile of the backups; or the name of one that was used on this machine.
                   Left out: the sample.
  --trouble, --enterprise   The other samples.
  --state DIR      The state folder, where it is not the usual one; .local/server is that of npm start.
`;

export const GET_HELP = `Gets a restore point, or one item of it, as ordinary files. Every file is checked.

  npm run get -- --run latest                        the sample's newest backup
  npm run get -- --run acme-20260514T020000Z --profile acme
  npm run get -- --run latest --profile acme --item "Hydrants"

  --run RUN        A run's id, its folder, or latest: the newest that succeeded, also in part.
  --item ITEM      One item alone, by its id or its title.
  --out DIR        Folder to lay it out in: new, empty, or one that holds a part of the same backup
                   already, which then goes on. Left out: a folder of the run's name, here.
${PLACE}
Exit code   0  all is there and checked
            1  something is missing or not as it was sealed
            2  bad input: nothing was done
          130  interrupted: the same command goes on
`;

export const RUNS_HELP = `Lists the backups that lie in a destination, the newest first.

  npm run runs                          those of the sample
  npm run runs -- --profile acme.json   those of your organisation

${PLACE}`;

export const START_HELP = `Keeps the app up on this machine: its HTTP addresses, and the backups that are scheduled.

  npm start -- --profile acme.json --profile other.json

  --profile FILE   A profile, as often as there are some. It is kept: the next start knows it.
  --port N         Port on 127.0.0.1. Usually 7071.
  --state DIR      Where everything lies. Usually .local/server of the project.

Ctrl-C ends it. A run that is open then goes on at the next start.
`;

export const IMPORT_HELP = `Makes a profile of the parameters of the CivicLens Backup Utility.

  npm run import -- parameters.xlsx

Its labels are read wherever they stand, on any sheet; a CSV file will do as well. Shown is what was
understood, and what was not taken over. Passwords and connections go into the encrypted file of secrets
of this machine, never into the profile. Nothing that exists already is replaced.

  --name NAME            Name of the profile. Left out: the prefix of the sheet, or the file's name.
  --out FILE             Left out: NAME.profile.json, here.
  --secret-file FILE     The file of secrets, with its --key-file FILE. Left out: SECRET_FILE with its key;
                         where that is not set, a file and a new key in .local/secrets of the project.

Exit code   0  the profile is written
            2  bad input: nothing was written
            1  failed
`;
