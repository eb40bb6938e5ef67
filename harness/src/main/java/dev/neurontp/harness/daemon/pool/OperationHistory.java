package dev.neurontp.harness.daemon.pool;

import dev.neurontp.rpc.XCollective;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The operations of one pool: all that are not over, and the newest that are. Any thread may call. */
final class OperationHistory {
    private static final int KEPT = 256;

    private final String pool;
    private final Clock clock;
    private final Map<String, PoolOperation> operations = new LinkedHashMap<>();
    private int last;

    OperationHistory(String pool, Clock clock) {
        this.pool = pool;
        this.clock = clock;
    }

    synchronized PoolOperation begin(OperationKind kind, Optional<XCollective> collective, Duration limit) {
        PoolOperation operation = new PoolOperation("op-" + ++last, pool, kind, collective, limit, clock);
        operations.put(operation.id(), operation);
        trim();
        return operation;
    }

    /** It never began. */
    synchronized void drop(PoolOperation operation) {
        operations.remove(operation.id());
    }

    synchronized Optional<PoolOperation> find(String id) {
        return Optional.ofNullable(operations.get(id));
    }

    private void trim() {
        if (operations.size() <= KEPT) {
            return;
        }
        Iterator<PoolOperation> oldest = operations.values().iterator();
        while (operations.size() > KEPT && oldest.hasNext()) {
            if (oldest.next().isOver()) {
                oldest.remove();
            }
        }
    }
}
