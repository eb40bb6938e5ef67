package dev.neurontp.harness.daemon.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;

/** The address that a server listens at, as a client on this host writes it. */
final class ListenUrl {
    private ListenUrl() {}

    /**
     * For a server that listens on every address: the loopback one.
     *
     * @param host as the settings have it: a name, or an address with or without brackets
     */
    static String of(String scheme, String host, int port) {
        String named = switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "[::]" -> "[::1]";
            default -> bracketed(host);
        };
        String url = scheme + "://" + named + ":" + port;
        return isAddress(url) ? url : scheme + "://" + bracketed(numeric(host)) + ":" + port;
    }

    private static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** Whether a client can write it so. It cannot where the host is {@code a_b} or 127.1, which the system knows. */
    private static boolean isAddress(String url) {
        try {
            return new URI(url).getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static String numeric(String host) {
        try {
            return InetAddress.getAllByName(host)[0].getHostAddress();
        } catch (UnknownHostException _) {
            return host; // it was known a moment ago; DaemonFile refuses what nobody can ask
        }
    }
}
