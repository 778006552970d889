"""All nodes of this machine together: what must be fetched or made first, then everything started side by side."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from deploy.local import jars, jvm_cache, kernel_code, node_supervisor, postgres, web_files
from deploy.local.errors import OperatorError
from deploy.local.node import Node, nodes_of
from deploy.local.paths import state_directory
from deploy.local.ports import holder, is_free, lasting_ports
from deploy.local.processes import memory

Tell = Callable[[str], None]


class Busy(OperatorError):
    """Another xieli command is starting or stopping nodes of the same state directory."""


@contextmanager
def alone() -> Iterator[None]:
    """One command at a time changes what runs."""
    state_directory().mkdir(parents=True, exist_ok=True)
    with (state_directory() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(f"another xieli command is at work in {state_directory()}: wait for it, or end it") from error
        yield


def prepare(tell: Tell) -> None:
    """What only the first start needs: Kafka's jars, the browser's libraries, start-up caches for Java, the matching kernel's machine code."""
    compiling = kernel_code.compile_ahead()
    if jars.missing():
        tell("Fetching Kafka (56 MB, once)")
    jars.class_path(lambda done, total: tell(f"Fetching Kafka: {done} of {total} files"))
    if web_files.missing():
        web_files.lay_out(web_files.directory())
    if not jvm_cache.is_warm():
        tell("Teaching Java to start quickly (about 20 seconds, once)")
        jvm_cache.warm()
    if compiling:
        tell("Compiling the matching kernel (up to a minute, once)")
        kernel_code.wait_for(compiling)
    postgres.account()


def settle_ports(tell: Tell) -> None:
    """Give every node that does not run ports of its own; a port that somebody has taken meanwhile is changed."""
    known = {port for node in nodes_of() if node.settled for port in node.ports.values()}
    for node in nodes_of():
        if not (node.settled and node.running()):
            _settle(node, known, tell)


def _settle(node: Node, known: set[int], tell: Tell) -> None:
    """What the node has and is still free it keeps; what it lacks is chosen."""
    node.places.create()
    has = node.ports if node.settled else {}
    for name, port in list(has.items()):
        if not is_free(port):
            tell(f"Port {port} of {node.region.name} is held by {holder(port)}: another one is chosen")
            del has[name]
    lacking = [name for name in node.port_names if name not in has]
    chosen = dict(zip(lacking, lasting_ports(len(lacking), known, state_directory()), strict=True))
    known |= set(chosen.values())
    (node.places.run / "ports.json").write_text(json.dumps({**has, **chosen}))


def _for_each(nodes: Sequence[Node], what: Callable[[Node], None]) -> None:
    """The same step at all nodes at once; the first failure is raised when all have ended."""
    pool = ThreadPoolExecutor(max(len(nodes), 1))
    try:
        for done in [pool.submit(what, node) for node in nodes]:
            done.result()
    except KeyboardInterrupt:
        for node in nodes:
            node.stop()  # whoever waits for it gives up at once
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def states(nodes: Sequence[Node]) -> dict[Node, str]:
    """Every node's state, asked of all at once."""
    with ThreadPoolExecutor(max(len(nodes), 1)) as pool:
        return dict(zip(nodes, pool.map(Node.state, nodes), strict=True))


def up(names: Sequence[str], tell: Tell) -> list[Node]:
    """Start the nodes that do not run yet, all at once, and wait until they are ready. Whoever runs is left alone."""
    nodes = nodes_of(names)
    with alone():
        asleep = [node for node, state in states(nodes).items() if state != "running"]
        if asleep:
            _start(asleep, tell)
        _keep_going(nodes)
    return nodes


def _start(nodes: Sequence[Node], tell: Tell) -> None:
    try:
        settle_ports(tell)
        tell("Opening databases and event brokers")
        _for_each(nodes, lambda node: node.supervised.end())  # whoever starts it is not helped at the same time
        _for_each(nodes_of(), Node.acquaint)  # the partners of a single node too: it must know their keys and addresses
        _for_each(nodes, Node.meet)
        _for_each(nodes, Node.open_stores)
        tell("Opening the services of every node")
        _for_each(nodes, Node.open_services)
        _for_each(nodes, lambda node: _await(node, tell))
        _for_each(nodes, Node.open_mirror)
    except BaseException:
        tell("Stopping what had been started")
        _for_each(nodes, Node.close_house)
        _for_each(nodes, Node.close_stores)
        raise


def _keep_going(nodes: Sequence[Node]) -> None:
    for node in nodes:
        node.supervised.begin()
    node_supervisor.ensure()


def _await(node: Node, tell: Tell) -> None:
    node.wait_ready()
    tell(f"{node.region.title} is ready at {node.url}")


def down(names: Sequence[str], tell: Tell) -> list[Node]:
    """Stop the nodes that run, side by side; the list of those that did."""
    with alone():
        awake = [node for node in nodes_of(names) if node.settled and (node.running() or node.supervised.wanted)]
        _for_each(awake, lambda node: node.supervised.end())
        _for_each(awake, Node.close_house)  # all mirrors before any broker: a mirror hangs on a partner that went first
        _for_each(awake, lambda node: _close(node, tell))
        node_supervisor.end_if_idle()
    return awake


def _close(node: Node, tell: Tell) -> None:
    node.close_stores()
    tell(f"{node.region.title} has stopped")


def start_node(name: str) -> Node:
    """Start one node whose partners are known (after `kill_node`, or alone) and wait until it is ready."""
    node = Node.of(name)
    node.acquaint()
    node.meet()
    node.open_stores()
    node.open_services()
    node.wait_ready()
    node.open_mirror()
    _keep_going([node])
    return node


def kill_node(name: str) -> Node:
    """Kill all processes of a node (SIGKILL), as when the power fails: it stays down."""
    node = Node.of(name)
    node.kill()
    return node


def memory_mb(nodes: Sequence[Node]) -> int:
    """Memory that all processes of the nodes hold, in MB."""
    return round(memory([one for node in nodes for one in node.running()]) / 2**20)
