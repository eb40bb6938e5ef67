package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.PathSegment;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A pool and the daemon that has it. */
record PoolRef(Daemon daemon, PoolSummary pool) {
    String id() {
        return pool.id();
    }

    boolean isNamed(String word) {
        return pool.name().filter(word::equals).isPresent();
    }

    /** Its id, and its name where it has one. */
    String title() {
        return pool.name()
                .map(name -> id() + " '" + ForeignText.of(name, ForeignText.NAME) + "'")
                .orElseGet(this::id);
    }

    /** The pool's path, with more behind it. */
    String path(String more) {
        return "/pools/" + PathSegment.of(pool.id()) + more;
    }

    /** Everything known of it now; waits for {@code timeout} at most. */
    PoolView view(Duration timeout) {
        return daemon.read(daemon.get(path(""), timeout), PoolView.class);
    }

    /** What the daemon said, and whose word it is. */
    static JsonNode signed(JsonNode said, Daemon daemon) {
        ObjectNode signed = (ObjectNode) ApiJson.tree(said);
        return signed.put("daemon", daemon.url().toString());
    }
}
