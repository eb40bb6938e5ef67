package dev.neurontp.harness.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** What answers may be no daemon, or an older one: a list that it may leave out is empty, whichever record it belongs to. */
class LeftOutListsTest {
    static Stream<Class<?>> answers() {
        return Stream.concat(
                        Stream.of(NodeView.class.getPermittedSubclasses()),
                        Stream.of(LogLines.class, PoolView.class, PoolView.Failure.class, PoolSummary.Listing.class))
                // Its path is checked: without one it is refused.
                .filter(type -> type != NodeView.DashboardLink.class);
    }

    @ParameterizedTest
    @MethodSource("parts")
    void whatEveryDaemonSaysIsNotLeftOut(Class<?> type) {
        ObjectNode least = LeastJson.of(type);
        for (String name : List.copyOf(least.propertyNames())) {
            assertThatThrownBy(() -> Json.read(least.deepCopy().without(name), type))
                    .as("without %s", name)
                    .isInstanceOf(JacksonException.class);
            assertThatThrownBy(() -> Json.read(least.deepCopy().putNull(name), type))
                    .as("%s is null", name)
                    .isInstanceOf(JacksonException.class);
        }
    }

    static Stream<Class<?>> parts() {
        return Stream.concat(
                answers(),
                Stream.of(
                        NodeView.DeviceUsage.class,
                        NodeView.Device.class,
                        NodeView.DeviceProcess.class,
                        NodeView.SettingsReloaded.SettingChange.class,
                        PoolApplied.class,
                        PoolApplied.Commands.class,
                        OperationView.Result.class,
                        PoolSummary.class,
                        PoolSummary.Busy.class,
                        PoolView.Rank.class,
                        PoolView.RankExit.class,
                        PoolView.RankFailure.class,
                        ApiError.Detail.class));
    }

    @ParameterizedTest
    @MethodSource("parts")
    void nothingInAListOrAMapIsNull(Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String of = component.getGenericType().getTypeName();
            String value = of.contains("List<") ? "[null]" : of.contains("Map<") ? "{\"a\":null}" : "";
            if (!value.isEmpty()) {
                ObjectNode holed = LeastJson.of(type);
                holed.set(LeastJson.name(component), Json.mapper().readTree(value));
                assertThatThrownBy(() -> Json.read(holed, type))
                        .as(component.getName())
                        .isInstanceOf(JacksonException.class);
            }
        }
    }

    @Test
    void whatIsShownOfAGpuAndOfASettingIsNotLeftOut() {
        assertThat(LeastJson.of(NodeView.Device.class).propertyNames()).containsExactly("index", "name");
        assertThat(LeastJson.of(NodeView.DeviceProcess.class).propertyNames()).containsExactly("pid", "name");
        assertThat(LeastJson.of(NodeView.SettingsReloaded.SettingChange.class).propertyNames())
                .containsExactly("name", "before", "after");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void aListThatIsLeftOutIsEmpty(Class<?> type) throws ReflectiveOperationException {
        Object read = Json.mapper().treeToValue(LeastJson.of(type), type);
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getType() == List.class) {
                assertThat(component.getAccessor().invoke(read))
                        .as(component.getName())
                        .isEqualTo(List.of());
            }
        }
    }
}
