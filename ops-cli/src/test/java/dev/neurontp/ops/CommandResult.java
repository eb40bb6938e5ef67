package dev.neurontp.ops;

import dev.neurontp.harness.daemon.history.StateFolders;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.console.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** What one command did. */
public record CommandResult(int code, String out, String err) {
    static final RuntimeFolders NO_DAEMONS = RuntimeFolders.only(RuntimeFolder.at(Path.of("target", "no-daemons")));
    static final StateFolders NO_HISTORY = StateFolders.only(Path.of("target", "no-history"));

    /** Runs it inside this process, where no daemon is found that it does not name. */
    static CommandResult tpctl(String... arguments) {
        return tpctl(NO_DAEMONS, arguments);
    }

    /** Runs it inside this process, for the daemons that have a file in {@code folder}; their history is in the folder beside it. */
    public static CommandResult tpctl(RuntimeFolder folder, String... arguments) {
        return tpctl(
                RuntimeFolders.only(folder), StateFolders.only(folder.path().resolveSibling("state")), arguments);
    }

    private static CommandResult tpctl(RuntimeFolders folders, String... arguments) {
        return tpctl(folders, NO_HISTORY, arguments);
    }

    private static CommandResult tpctl(RuntimeFolders folders, StateFolders states, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, false);
        return new CommandResult(Tpctl.run(terminal, folders, states, arguments), out.toString(), err.toString());
    }

    /** Against a daemon that is named. */
    static CommandResult against(FakeDaemon daemon, String... arguments) {
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--host";
        all[arguments.length + 1] = daemon.url();
        all[arguments.length + 2] = "--token-file";
        all[arguments.length + 3] = daemon.tokenFile().toString();
        return tpctl(all);
    }

    /** For the message of a test that fails. */
    public String all() {
        return "exit " + code + "\n--- stdout\n" + out + "--- stderr\n" + err;
    }
}
