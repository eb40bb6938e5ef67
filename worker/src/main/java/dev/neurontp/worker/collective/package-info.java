/**
 * The data of checked collectives and its check: what each rank sends, what it must receive, and what explains a wrong element.
 * Pure Java: no GPU, no network, no thread.
 *
 * <p>Arrows: uses {@code rpc} alone. The communicators and {@code worker.comm} use it.
 */
package dev.neurontp.worker.collective;
