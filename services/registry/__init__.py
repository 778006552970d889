"""Registry 建档: who lives here, who can work, and who has come here to work.

Owns: households, people, wishes of the quarter's visits, situations, imports, rounds (轮次), guests (外来务工人员), applications for training places.
Answers: who is a labourer and why, the people's lists, names to those who may ask.
Announces: LabourerRecorded, WorkChecked, LabourerErased, LabourersMerged, LabourersUnmerged, ApplicationSent, CardSealed, CardErased, GuestReceived, RegistryIndicatorsStated.
Listens to: matching of this node (a person agreed, or no longer does), registry of its partners (a sealed card), retention (where people work),
jobs (whose vacancy; of every city courses and who is admitted).
Promises: direct identifiers are kept here alone, encrypted; a file changes nothing before it is understood; nothing is overwritten in silence.
"""
