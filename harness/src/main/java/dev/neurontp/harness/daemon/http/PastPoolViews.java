package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.LogLines;
import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.history.PastPool;
import dev.neurontp.harness.daemon.history.PastPools;
import dev.neurontp.harness.daemon.pool.ManagedPool;
import dev.neurontp.harness.daemon.pool.PoolRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the history tells of pools that are not in the daemon's list. Any thread may call; each call is bounded. */
final class PastPoolViews {
    private static final Logger LOG = LoggerFactory.getLogger(PastPoolViews.class);

    private final PoolRegistry registry;
    private final PastPools past;

    PastPoolViews(PoolRegistry registry, PastPools past) {
        this.registry = registry;
        this.past = past;
    }

    /** The pool of that id or name, where the daemon's list has none, of those that are being started too. */
    Optional<PastPool> find(String idOrName) throws InterruptedException {
        if (registry.find(idOrName).isPresent() || registry.starting(idOrName).isPresent()) {
            return Optional.empty();
        }
        try {
            return past.find(idOrName).filter(pool -> !registry.isRemoved(pool.id()));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** All that are not in the daemon's list, the oldest first; what cannot be read is left out, and the log says so. */
    List<PoolSummary> all() throws InterruptedException {
        Set<String> listed = registry.all().stream().map(ManagedPool::id).collect(Collectors.toSet());
        try {
            PastPools.Found found = past.all();
            found.problems().forEach(problem -> LOG.warn("the history: {}", problem));
            return found.pools().stream()
                    .filter(pool -> !listed.contains(pool.id()) && !registry.isRemoved(pool.id()))
                    .map(PastPool::summary)
                    .toList();
        } catch (IOException e) {
            LOG.warn("the history: {}", e.getMessage());
            return List.of();
        }
    }

    PoolView view(PastPool pool) throws InterruptedException {
        return past.view(pool);
    }

    List<EventView> events(PastPool pool) throws InterruptedException {
        try {
            return past.events(pool);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    LogLines lines(PastPool pool) throws InterruptedException {
        try {
            return past.lines(pool);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static ApiException unreadable(IOException reason) {
        return new ApiException(
                ErrorType.NO_SUCH_POOL,
                "no such pool is in this daemon's list, and the history of earlier ones cannot be read: "
                        + reason.getMessage());
    }
}
