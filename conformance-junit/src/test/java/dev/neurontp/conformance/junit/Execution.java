package dev.neurontp.conformance.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventType.REPORTING_ENTRY_PUBLISHED;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** What JUnit did with a class of a build that is not ours. */
record Execution(EngineExecutionResults results) {

    static Execution of(Class<?> testClass) {
        return of(testClass, _ -> {});
    }

    static Execution of(Class<?> testClass, Consumer<EngineTestKit.Builder> more) {
        EngineTestKit.Builder builder = EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass));
        more.accept(builder);
        return new Execution(builder.execute());
    }

    /** Each test's name and how it ended. */
    Map<String, Status> tests() {
        return results.testEvents().finished().stream()
                .collect(Collectors.toMap(
                        event -> event.getTestDescriptor().getDisplayName(),
                        event -> result(event).getStatus()));
    }

    /** The rules of all tests, as they ran. */
    List<String> inOrder() {
        return results.testEvents().finished().stream()
                .map(event -> event.getTestDescriptor().getDisplayName().split(" ", 2)[0])
                .toList();
    }

    /** The names of the tests that ended so. */
    List<String> named(Status status) {
        return tests().entrySet().stream()
                .filter(test -> test.getValue() == status)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** The rules of the tests that ended so. */
    List<String> rules(Status status) {
        return named(status).stream().map(name -> name.split(" ", 2)[0]).toList();
    }

    /** The words of the test whose name begins so. */
    String words(String name) {
        return failure(name).getMessage();
    }

    /** What the test whose name begins so ended with. */
    Throwable failure(String name) {
        return results.testEvents().finished().stream()
                .filter(event -> event.getTestDescriptor().getDisplayName().startsWith(name + " "))
                .map(event -> result(event).getThrowable().orElseThrow())
                .findFirst()
                .orElseThrow();
    }

    /** The names of all containers. */
    List<String> containers() {
        return results.containerEvents().finished().stream()
                .map(event -> event.getTestDescriptor().getDisplayName())
                .toList();
    }

    /** The words of the factories that failed themselves. */
    List<String> failedFactories() {
        return results.containerEvents().failed().stream()
                .map(event -> result(event).getThrowable().orElseThrow().getMessage())
                .toList();
    }

    /** The report entries of tests, by the rule of the test that they are attached to. */
    Map<String, Map<String, String>> entries() {
        return results.allEvents().stream()
                .filter(event -> event.getType() == REPORTING_ENTRY_PUBLISHED)
                .collect(Collectors.toMap(
                        event -> event.getTestDescriptor().getDisplayName().split(" ", 2)[0],
                        event -> event.getRequiredPayload(ReportEntry.class).getKeyValuePairs(),
                        (first, _) -> first));
    }

    private static TestExecutionResult result(Event event) {
        return event.getRequiredPayload(TestExecutionResult.class);
    }
}
