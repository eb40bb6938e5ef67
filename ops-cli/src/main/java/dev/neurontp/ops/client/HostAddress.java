package dev.neurontp.ops.client;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/** What a person gave as {@code --host}. */
final class HostAddress {
    private static final int MOST_PORT = 65535;
    private static final String EXAMPLE = "http://127.0.0.1:13131";

    private HostAddress() {}

    /**
     * The address of a daemon.
     *
     * @throws CommandException when it cannot be one
     */
    static URI of(String text) {
        URI uri = uri(text);
        if (uri == null || uri.getHost() == null || !isHttp(uri)) {
            throw refused(shown(text) + ": it must be an address like " + EXAMPLE);
        }
        if (uri.getRawUserInfo() != null) {
            // It may have a password, which belongs into no log.
            throw refused("--host names a user before the host " + uri.getHost()
                    + ": a daemon knows none, and its token" + " stands in a file (--token-file)");
        }
        if (uri.getPort() == 0 || uri.getPort() > MOST_PORT) {
            throw refused(shown(text) + ": its port must be from 1 to " + MOST_PORT);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw refused(shown(text) + ": it must end before ? and #, like " + EXAMPLE);
        }
        return uri;
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException _) {
            return null;
        }
    }

    private static boolean isHttp(URI uri) {
        return uri.getScheme() != null
                && List.of("http", "https").contains(uri.getScheme().toLowerCase(Locale.ROOT));
    }

    private static String shown(String text) {
        return "--host is '" + ForeignText.of(text, ForeignText.MESSAGE) + "'";
    }

    private static CommandException refused(String message) {
        return new CommandException(
                ExitCode.USAGE, message, "tpctl ls without --host shows the addresses of this host's daemons.");
    }
}
