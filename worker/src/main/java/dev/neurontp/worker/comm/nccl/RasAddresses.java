package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The IP addresses behind the host:port of NCCL's RAS port. */
final class RasAddresses {
    private static final String LOCALHOST = "localhost";
    /** Some resolvers know one of the two, and NCCL may have asked another. */
    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("::1"), InetAddress.ofLiteral("127.0.0.1"));

    private RasAddresses() {}

    /**
     * All of them, in the resolver's order; for localhost also those of the loopback interface that it left out. Empty where the
     * text is no host:port, the name is unknown, or the resolver does not answer within the bound.
     */
    static List<InetSocketAddress> of(String address, Duration bound) {
        try {
            URI uri = new URI("ras://" + address);
            String host = uri.getHost();
            int port = uri.getPort();
            if (host == null || port <= 0 || port > 0xffff) {
                return List.of();
            }
            Set<InetAddress> all = new LinkedHashSet<>(resolve(host, bound));
            if (host.equalsIgnoreCase(LOCALHOST)) {
                all.addAll(LOOPBACK);
            }
            return all.stream().map(each -> new InetSocketAddress(each, port)).toList();
        } catch (URISyntaxException _) {
            return List.of();
        }
    }

    /** On a thread of its own: a resolver that asks the network knows no bound. */
    private static List<InetAddress> resolve(String host, Duration bound) {
        FutureTask<InetAddress[]> lookup = new FutureTask<>(() -> InetAddress.getAllByName(host));
        try {
            DaemonThread.start("nccl-ras-address", lookup);
            return Arrays.asList(lookup.get(bound.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ThreadLimitException | ExecutionException | TimeoutException _) {
            // The report is an extra: whoever asks for it has a failure of its own to tell.
            return List.of();
        }
    }
}
