package dev.neurontp.harness.launch;

import dev.neurontp.harness.text.ForeignText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where one rank is started.
 *
 * @param host the name of the host in all that is said of the rank
 * @param address by which the launcher and the other hosts reach it; the name where nothing else is known
 * @param machine what it is one of by all that is known: two names may stand for one; empty for the daemon's own
 * @param localRank how many ranks of the pool come before it on this host
 * @param launcher what starts it there
 * @param environment settings of the ranks on this host, over those of the launcher
 */
public record Place(
        String host,
        String address,
        String machine,
        int localRank,
        Launcher launcher,
        Map<String, String> environment) {
    private static final int LONGEST_MACHINE = 255;

    public Place {
        environment = Map.copyOf(environment);
    }

    /** One on a machine that is known by its address. */
    public Place(String host, String address, int localRank, Launcher launcher, Map<String, String> environment) {
        this(host, address, machine(address), localRank, launcher, environment);
    }

    /** For comparison, and to be written down: bounded, whatever the address is. */
    private static String machine(String address) {
        return literal(address)
                .map(InetAddress::getHostAddress)
                .orElseGet(() -> ForeignText.of(address.toLowerCase(Locale.ROOT), LONGEST_MACHINE));
    }

    /** One address has several spellings; a name is asked of nobody here. */
    private static Optional<InetAddress> literal(String address) {
        try {
            return Optional.of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException _) {
            try {
                return Optional.of(Inet4Address.ofPosixLiteral(address));
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }
    }

    /** The same on the daemon's own host, whatever that is called. */
    public Place here() {
        return new Place(host, address, "", localRank, launcher, environment);
    }

    /** What the placeholders of a launcher stand for. */
    Map<String, String> facts(long rank, long worldSize, long device) {
        Map<String, String> facts = new HashMap<>();
        facts.put("host", host);
        facts.put("address", address);
        facts.put("rank", Long.toString(rank));
        facts.put("local_rank", Integer.toString(localRank));
        facts.put("world_size", Long.toString(worldSize));
        facts.put("device", Long.toString(device));
        return facts;
    }
}
