"""registry 建档: who lives here and can work.

owns: households, people, wishes of the quarter's visits, situations, imports, guests (外来务工人员)
answers: who is a labourer and why, the labourers' lists, names to those who may ask
announces: LabourerRecorded, CardSealed, GuestReceived, RegistryIndicatorsStated
listens to: IntroductionAgreed, CardSealed, SituationChanged
promises: direct identifiers are kept here alone, encrypted; a file changes nothing before it is understood
"""
