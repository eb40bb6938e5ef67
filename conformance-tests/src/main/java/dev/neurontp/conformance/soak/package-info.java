/** One worker under load for a long time: whether it grows, and whether it loses count. */
package dev.neurontp.conformance.soak;
