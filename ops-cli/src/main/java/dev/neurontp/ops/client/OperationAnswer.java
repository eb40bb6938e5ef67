package dev.neurontp.ops.client;

import dev.neurontp.harness.api.OperationView;
import java.util.Arrays;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What a daemon says of an operation: of the one that was asked for, and of that pool. */
public final class OperationAnswer {
    private OperationAnswer() {}

    /**
     * Reads it.
     *
     * @param asked the kinds that it may be of
     * @throws dev.neurontp.ops.console.CommandException when it is of another kind or pool, or no operation
     */
    public static OperationView read(Daemon daemon, JsonNode said, String pool, OperationView.Kind... asked) {
        OperationView view = daemon.read(said, OperationView.class);
        if (!pool.equals(view.pool()) || Arrays.stream(asked).noneMatch(view::is)) {
            String kinds = Arrays.stream(asked).map(OperationView.Kind::label).collect(Collectors.joining(" or "));
            throw daemon.strange("it tells of '" + view.op() + "' of pool '" + view.pool() + "', and asked for was "
                    + kinds + " of pool '" + pool + "'");
        }
        return view;
    }
}
