package dev.neurontp.harness.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A client reads what a newer or an older daemon sends: words and fields that it does not know, fields that are missing. */
class NewerDaemonTest {
    private static <T> T read(String json, Class<T> type) {
        return Json.mapper().readValue(json, type);
    }

    @Test
    void aWordThatIsNotKnownStaysAWord() {
        ApiError error =
                read("{\"type\":\"to_come\",\"message\":\"m\",\"detail\":{\"a_field_to_come\":1}}", ApiError.class);
        assertThat(error.type()).isEqualTo("to_come");
        assertThat(ErrorType.of(error.type())).isEmpty();
        assertThat(error.is(ErrorType.INTERNAL)).isFalse();
        assertThat(error.failure()).isEmpty();
        PoolSummary pool = read("{\"id\":\"k3vd7q2m\",\"state\":\"hibernating\",\"world_size\":1}", PoolSummary.class);
        assertThat(PoolView.State.of(pool.state())).isEmpty();
        assertThat(pool.live()).isTrue();
        EventView event = read("{\"id\":\"i-1\",\"type\":\"to_come\",\"a_field_to_come\":[1]}", EventView.class);
        assertThat(EventView.Type.of(event.type())).isEmpty();
        OperationView operation =
                read("{\"id\":\"op-1\",\"op\":\"to_come\",\"state\":\"to_come\"}", OperationView.class);
        assertThat(operation.finished()).isFalse();
        assertThat(operation.is(OperationView.Kind.FORGET)).isFalse();
    }

    @Test
    void whatIsMissingIsEmpty() {
        for (Class<? extends Record> type : List.of(
                ApiError.class,
                EventView.class,
                OperationView.class,
                PoolSummary.class,
                PoolSummary.Listing.class,
                PoolView.class,
                PoolView.Rank.class,
                PoolView.RankExit.class,
                PoolView.Failure.class,
                PoolView.RankFailure.class)) {
            Record empty = read(LeastJson.of(type).toString(), type);
            Arrays.stream(type.getRecordComponents())
                    .filter(component -> component.getType() == Optional.class
                            || component.getType() == List.class
                            || component.getType() == PoolView.Memory.class)
                    .forEach(component -> assertThat(empty.toString())
                            .as("%s of %s", component.getName(), type.getSimpleName())
                            .doesNotContain(component.getName() + "=null"));
        }
    }

    @Test
    void onlyTheFieldsOfARecordAreWritten() {
        PoolSummary pool = read("{\"id\":\"k3vd7q2m\",\"state\":\"gone\",\"world_size\":1}", PoolSummary.class);
        assertThat(Json.mapper().readTree(Json.text(pool)).propertyNames())
                .containsExactly(
                        "id",
                        "name",
                        "labels",
                        "epoch",
                        "state",
                        "world_size",
                        "restarts",
                        "communicator",
                        "created",
                        "pids",
                        "busy",
                        "reason",
                        "terminating",
                        "restarting",
                        "recorded");
    }
}
