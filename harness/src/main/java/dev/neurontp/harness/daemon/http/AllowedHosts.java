package dev.neurontp.harness.daemon.http;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names by which this daemon may be called, in {@code Host} and in {@code Origin}. A web page that has bound its own
 * name to our address (DNS rebinding) calls us by that name, and is refused.
 *
 * @param hosts lower case, without port
 * @param origins lower case, whole
 */
record AllowedHosts(Set<String> hosts, Set<String> origins) {
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]+]|[^:\\[\\]]+)(?::[0-9]{1,5})?");

    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");

    /** By the scheme: a browser leaves it out. */
    private static final Map<String, Integer> USUAL_PORTS = Map.of("http", 80, "https", 443);

    /** The zone of an IPv6 address, {@code [fe80::1%eth0]}: a word of the host that writes it. */
    private static final Pattern ZONE = Pattern.compile("(?<=[0-9a-f:.])%[0-9a-z._-]+(?=])");

    AllowedHosts {
        hosts = Set.copyOf(hosts);
        origins = Set.copyOf(origins);
    }

    /**
     * @param ownNames of this host and of its certificate: whoever could bind those to another address has the domain anyway
     */
    static AllowedHosts of(
            String boundHost, Collection<String> ownNames, List<String> moreHosts, List<String> moreOrigins) {
        Set<String> hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
        hosts.add(bracketed(boundHost));
        ownNames.forEach(host -> hosts.add(bracketed(host)));
        moreHosts.forEach(host -> hosts.add(bracketed(withoutPort(host))));
        Set<String> origins = new HashSet<>();
        moreOrigins.forEach(origin -> origins.add(withoutSlash(origin.toLowerCase(Locale.ROOT))));
        return new AllowedHosts(hosts, origins);
    }

    /**
     * Whether a {@code Host} is ours.
     *
     * @param local the address that the request came in at; a page cannot bind its name to a number
     */
    boolean ownHost(String header, String local) {
        Matcher host = HOST.matcher(withoutZone(header.strip().toLowerCase(Locale.ROOT)));
        return host.matches() && (hosts.contains(host.group(1)) || host.group(1).equals(bracketed(local)));
    }

    /** Whether an {@code Origin} is ours: a page of this daemon itself, or one that the settings name. */
    boolean ownOrigin(String header, String local, int port) {
        String origin = header.strip().toLowerCase(Locale.ROOT);
        if (origins.contains(origin)) {
            return true;
        }
        int scheme = origin.indexOf("://");
        if (scheme < 0 || !USUAL_PORTS.containsKey(origin.substring(0, scheme))) {
            return false;
        }
        String authority = origin.substring(scheme + 3);
        boolean toUs = PORT.matcher(authority).find()
                ? authority.endsWith(":" + port)
                : USUAL_PORTS.get(origin.substring(0, scheme)) == port;
        return toUs && ownHost(authority, local);
    }

    /** Of {@code node-1:13131} and {@code [fd00::7]:13131}: so the message names a Host that was refused. */
    private static String withoutPort(String host) {
        Matcher named = HOST.matcher(withoutZone(host.toLowerCase(Locale.ROOT)));
        return named.matches() ? named.group(1) : host;
    }

    /** As an address bar shows it; a browser sends none. */
    private static String withoutSlash(String origin) {
        return origin.endsWith("/") ? origin.substring(0, origin.length() - 1) : origin;
    }

    private static String bracketed(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return withoutZone(lower.contains(":") && !lower.startsWith("[") ? "[" + lower + "]" : lower);
    }

    private static String withoutZone(String host) {
        return host.startsWith("[") ? ZONE.matcher(host).replaceFirst("") : host;
    }
}
