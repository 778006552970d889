"""Introductions (介绍上岗): the steps and who may take them, how they are said, and whether a card bears out its priority."""
