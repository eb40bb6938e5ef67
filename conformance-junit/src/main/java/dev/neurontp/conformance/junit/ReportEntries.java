package dev.neurontp.conformance.junit;

import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;

/** Publishes the evidence of a rule's test as report entries of that very test, which a dynamic test cannot do by itself. */
final class ReportEntries implements InvocationInterceptor {

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext dynamic, ExtensionContext context)
            throws Throwable {
        if (dynamic.getExecutable() instanceof RuleTest test) {
            test.evidence().forEach(context::publishReportEntry);
        }
        invocation.proceed();
    }
}
