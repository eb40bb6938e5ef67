package dev.neurontp.ops;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What one command did, run inside this process. */
record Ran(int code, String out, String err) {
    static Ran tpctl(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, false);
        return new Ran(Tpctl.run(terminal, arguments), out.toString(), err.toString());
    }

    /** Against a daemon that is named. */
    static Ran against(FakeDaemon daemon, String... arguments) {
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--host";
        all[arguments.length + 1] = daemon.url();
        all[arguments.length + 2] = "--token-file";
        all[arguments.length + 3] = daemon.tokenFile().toString();
        return tpctl(all);
    }
}
