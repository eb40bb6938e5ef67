package dev.neurontp.harness.daemon.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Whether a daemon may listen at its address. It asks the resolver, which may be silent for a while. */
final class AddressCheck {
    private AddressCheck() {}

    static List<String> of(Settings settings) {
        String host = settings.get(DaemonSettings.HTTP_HOST);
        String origin = settings.origin(DaemonSettings.HTTP_HOST);
        try {
            boolean loopback = Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
            return loopback || settings.tls() || settings.get(DaemonSettings.HTTP_INSECURE)
                    ? List.of()
                    : List.of("http.host is '" + host + "' (" + origin
                            + "): an address that others reach needs TLS (http.tls_cert_file, http.tls_key_file)"
                            + " or --insecure, which sends the token unencrypted");
        } catch (UnknownHostException _) {
            return List.of("http.host is '" + host + "' (" + origin
                    + "): it must be an address of this host, or a name that stands for one");
        }
    }

    /** For a daemon that listens: where nothing of that has changed nobody is asked. */
    static List<String> ofChange(Settings before, Settings wanted) {
        boolean same = before.get(DaemonSettings.HTTP_HOST).equals(wanted.get(DaemonSettings.HTTP_HOST))
                && before.get(DaemonSettings.HTTP_INSECURE).equals(wanted.get(DaemonSettings.HTTP_INSECURE))
                && before.tls() == wanted.tls();
        return same ? List.of() : of(wanted);
    }
}
